// Remedy: fewer connections for the same work. What rate or number the application may keep, and how many requests must share one.
import { formatCount, formatInteger, formatRate } from '../model/number-text.ts';
import { withLoad } from './changed-situation.ts';
import { bearsAnyLoad, effectOf } from './effect.ts';
import { TCP } from '../model/protocol.ts';
import type { Effect, Standing } from './plan.ts';
import { type Question, type RemedyDraft, standingOf } from './remedy-draft.ts';
import { formatBearing } from './take-over.ts';

/** More requests than this on one connection is not a change of settings any more. */
const MOST_REQUESTS = 1000;

export function reuseConnections(question: Question): RemedyDraft {
  const { situation, goal, today } = question;
  const { load } = situation;
  const requests = requestsNeeded(question);
  const isPossible = load.protocol === TCP && requests <= MOST_REQUESTS;
  const shared = withLoad(situation, {
    flows: load.flows / requests,
    ...(load.perSecond === undefined ? {} : { perSecond: load.perSecond / requests }),
  });
  const effect = isPossible ? effectOf(shared, goal) : today;
  return {
    id: 'reuse-connections',
    kind: 'reuse-connections',
    standing: isPossible ? standing(effect, question) : 'not-possible',
    title: titleOf(question, requests, isPossible),
    change: {
      kind: 'reuse-connections',
      heldAtOnce: today.capacityFlows,
      requestsPerConnection: requests,
      ...ratesOf(question),
    },
    effect,
    risks: [
      'A change of the application or of its client library; a remote or a proxy that closes idle connections undoes it.',
    ],
    conflicts: [],
    preconditions: isPossible
      ? [
          'The protocol must carry several requests on one connection, one after the other or at once (HTTP keep-alive, a connection pool, HTTP/2).',
        ]
      : [],
    reasons: reasonsOf(question, requests, isPossible),
  };
}

/** Where connections stay open already, there are too many of them. */
function titleOf({ situation: { load } }: Question, requests: number, isPossible: boolean): string {
  const isOpen = load.pattern === 'accumulating' && load.protocol === TCP;
  if (isOpen) return `hold fewer connections${isPossible ? `: 1 in place of ${formatInteger(requests)}` : ''}`;
  return `keep connections open${isPossible ? `: ${formatCount(requests, 'request')} on each` : ''}`;
}

/** Connections that are held open carry what they carry: only a protocol with several streams could share them. */
function standing(effect: Effect, question: Question): Standing {
  const byFigures = standingOf(effect, question);
  return question.situation.load.pattern === 'accumulating' && byFigures === 'reaches-goal' ? 'helps' : byFigures;
}

/** At least two: one is what happens now. */
function requestsNeeded({ today, goal }: Question): number {
  return Math.max(2, Math.ceil(goal.loadFactor / Math.max(today.bearsFactor, 1e-9) - 1e-9));
}

function ratesOf({ today }: Question): { readonly perSecond?: number } {
  return today.capacityPerSecond === undefined ? {} : { perSecond: today.capacityPerSecond };
}

function reasonsOf({ situation, today }: Question, requests: number, isPossible: boolean): readonly string[] {
  const { load } = situation;
  if (load.protocol !== TCP)
    return ['Datagrams have no connection to keep; a cache or a resolver on the node sends fewer of them.'];
  const rate = today.capacityPerSecond;
  const may = rate === undefined || bearsAnyLoad(today) ? '' : `, ${formatRate(rate)} over all nodes`;
  return [
    ...(isPossible
      ? []
      : [`${formatInteger(requests)} requests would have to share a connection: no program does that.`]),
    `With the ports as they are the application may hold ${formatBearing(situation, today.capacityFlows)} per node${may}; ${formatInteger(requests)} requests on each connection keep within that.`,
    'It ends the cause instead of making room for it, but somebody has to change the program.',
  ];
}
