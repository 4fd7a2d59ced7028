// Remedy: a shorter TIME_WAIT in conntrack for the one destination, so that closed connections give their ports back sooner.
import { TCP } from '../model/protocol.ts';
import { withLoad } from './changed-situation.ts';
import { effectOf } from './effect.ts';
import { loadCommand, replacing } from './egress-ruleset.ts';
import type { Effect } from './plan.ts';
import { type Question, type RemedyDraft, standingOf } from './remedy-draft.ts';
import type { Load, Situation } from './situation.ts';

const TABLE = 'portolan_hold';

/** TCP_TIMEWAIT_LEN of Linux: the remote that closed first refuses the same addresses and ports for so long. */
const REMOTE_TIME_WAIT_SECONDS = 60;

/** Where the remote keeps no TIME_WAIT: long enough for late packets of the old connection to die out. */
const SHORTEST_SECONDS = 30;

/** Closing entries must hold at least this share of the ports' time. */
const CLOSING_SHARE = 0.2;

export function holdTime(question: Question): RemedyDraft {
  const { situation, goal, today } = question;
  const seconds = shortestHold(situation.load);
  const why = whyNot(situation, seconds);
  const effect = why === undefined ? effectOf(withShorterHold(situation, seconds), goal) : today;
  const ruleset = rulesetFor(situation.load, seconds);
  const isTcp = situation.load.protocol === TCP;
  return {
    id: 'hold-time',
    kind: 'hold-time',
    standing: why === undefined ? standingOf(effect, question) : isTcp ? 'not-worth-it' : 'not-possible',
    title: `TIME_WAIT ${seconds} s for this destination`,
    change: isTcp ? { kind: 'hold-time', timeWaitSeconds: seconds, ruleset } : { kind: 'none' },
    effect,
    risks: [
      'A port that comes back sooner meets late packets of the connection before it more often.',
      "The table is nobody's but yours: neither Calico nor Kubernetes puts it back after a reboot or on a new node.",
    ],
    conflicts: [],
    preconditions: isTcp
      ? [
          'On every node that carries these pods, as root; entries that close after it are held shorter, earlier ones keep their time.',
        ]
      : [],
    reasons: why === undefined ? [gain(question, seconds, effect), floorReason(situation.load)] : [why],
    ...(isTcp && why === undefined
      ? { command: loadCommand(ruleset), undo: `nft delete table ${familyWord(situation.load)} ${TABLE}` }
      : {}),
  };
}

function gain({ situation, today }: Question, seconds: number, effect: Effect): string {
  const { load, timeWaitSeconds } = situation;
  const kept = withShorterHold(situation, seconds).load.flows / Math.max(load.flows, 1e-9);
  return `TIME_WAIT falls from ${timeWaitSeconds} s to ${seconds} s for this destination only: the same connections hold ${Math.round((1 - kept) * 100)} % fewer ports, and ${(effect.bearsFactor / today.bearsFactor).toPrecision(2)} times as many fit.`;
}

/** Never below the remote's own TIME_WAIT where it closes first, or may. */
function shortestHold({ remoteClosesFirst }: Load): number {
  return remoteClosesFirst === 0 ? SHORTEST_SECONDS : REMOTE_TIME_WAIT_SECONDS;
}

function whyNot({ load, ports, timeWaitSeconds }: Situation, seconds: number): string | undefined {
  if (load.protocol !== TCP)
    return 'Only TCP entries close; a shorter timeout for datagrams would cut off answers that come late.';
  if (load.pattern === 'accumulating' || 1 - load.liveShare < CLOSING_SHARE)
    return 'The ports are held by open connections, not by closed ones: a shorter TIME_WAIT frees hardly any.';
  if (ports.behaviour.evictsClosing === 'yes')
    return `This kernel gives the port of a closed connection to a new one whenever it needs it, so a shorter TIME_WAIT gains nothing${load.remoteClosesFirst === 0 ? '' : '; ports that come back sooner are refused by a remote that closed first'}.`;
  if (timeWaitSeconds <= seconds) return `TIME_WAIT is ${timeWaitSeconds} s already; ${floorReason(load)}`;
  return undefined;
}

function floorReason({ remoteClosesFirst }: Load): string {
  if (remoteClosesFirst === 0)
    return `${SHORTEST_SECONDS} s: the pods close first, so the remote keeps no TIME_WAIT that would refuse the port; shorter leaves late packets too little time.`;
  const who =
    remoteClosesFirst === undefined
      ? 'It is not known who closes first, and a remote that does'
      : 'The remote closes first and';
  return `Not below ${REMOTE_TIME_WAIT_SECONDS} s: ${who} refuses the same port for ${REMOTE_TIME_WAIT_SECONDS} s, with no counter on the node to show it.`;
}

/** The same arrivals with a shorter closing part. */
function withShorterHold(situation: Situation, seconds: number): Situation {
  const { load, timeWaitSeconds } = situation;
  const factor = load.liveShare + (1 - load.liveShare) * Math.min(1, seconds / timeWaitSeconds);
  return withLoad(situation, {
    flows: load.flows * factor,
    liveShare: Math.min(1, load.liveShare / factor),
    ...(load.holdSeconds === undefined ? {} : { holdSeconds: load.holdSeconds * factor }),
  });
}

/** A timeout policy is given to connections that are not confirmed yet, so it may stand anywhere on their first packet's way. */
function rulesetFor(load: Load, seconds: number): string {
  const ip = familyWord(load);
  return `${replacing(ip, TABLE)}
table ${ip} ${TABLE} {
  ct timeout shorter_closing {
    protocol tcp
    l3proto ${ip}
    policy = { time_wait : ${seconds} }
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
    ${ip} daddr ${load.remoteAddress} tcp dport ${load.remotePort} ct timeout set "shorter_closing"
  }
}
`;
}

function familyWord({ family }: Load): 'ip' | 'ip6' {
  return family === 4 ? 'ip' : 'ip6';
}
