// race: two flows picked the same port at the same moment and one lost, although ports are plenty. Page: docs/checks/race.md
import { ownerName } from '../../model/owner-name.ts';
import { lostToSnat } from '../../model/counters.ts';
import { TCP, UDP } from '../../model/protocol.ts';
import type { NodeContext } from '../check-context.ts';
import { aboutNode } from '../compose-finding.ts';
import { egressRules } from '../effective-range.ts';
import type { Finding } from '../finding.ts';
import { FEWEST_LOSSES, NEARING_DROP, NEARING_SHARE, RACE_PROBES, WARNING_DROP } from '../thresholds.ts';

/** Fires on losses that no full port space explains; a warning when a rule lacks its random flag or 1 in 1,000 is lost. */
export function checkRace(context: NodeContext): readonly Finding[] {
  const { counters, gaps } = context.facts;
  const lost = raceLosses(context);
  if (counters === undefined || lost === 0) return [];
  const keepsPorts = rulesWithoutRandom(context);
  const seconds = Math.max(counters.seconds, 0.001);
  const arrivals = context.facts.arrivals;
  const tried =
    arrivals === undefined ? undefined : (arrivals.total * seconds) / Math.max(arrivals.seconds, 0.001) + lost;
  const grave = keepsPorts.length > 0 || (tried !== undefined && lost / tried >= WARNING_DROP);
  return [
    aboutNode(gaps, {
      check: 'race',
      severity: grave ? 'warning' : 'info',
      sentence:
        keepsPorts.length > 0
          ? 'Packets are lost because flows that start at the same moment get the same source port: a rule keeps the source port instead of choosing a random one.'
          : 'A few packets are lost when they are confirmed, with ports to spare; the rules choose at random, so look for clashes of DNAT or of repeated packets.',
      numbers: {
        lostPerSecond: { value: lost / seconds, unit: '1/s', source: 'insert_failed less chaintoolong' },
        probesPerLoss: { value: counters.found / lost, unit: 'probes', source: 'found over insert_failed' },
      },
      because: [
        'insert_failed rose while no port space is near full, and far fewer candidates were occupied than a failed search meets.',
        ...keepsPorts.map((where) => `No random flag: ${where}.`),
      ],
      base: keepsPorts.length > 0 ? 'high' : 'low',
      confidenceReason: 'other clashes, such as repeated packets or DNAT, raise the same counter',
      weights: {
        flows: 'low',
        'flows-incomplete': 'medium',
        'nat-rules': 'low',
        'nat-rules-legacy': 'medium',
        decoder: 'medium',
      },
      remedy:
        keepsPorts.length > 0
          ? 'add --random-fully (iptables) or fully-random (nftables) to the rule; Calico adds it unless featureDetectOverride forbids it'
          : undefined,
    }),
  ];
}

/** What losses are explained from. */
type Losers = Pick<NodeContext, 'facts' | 'spaces'>;

/** Packets of the window that lost the confirm race; 0 when they look like failed searches. */
export function raceLosses(context: Losers): number {
  const lost = unexplainedLosses(context);
  const found = context.facts.counters?.found ?? 0;
  return lost > 0 && found / lost < RACE_PROBES ? lost : 0;
}

/** Packets lost to SNAT in the window while no charted port space is near full, closing entries counted; 0 when one is, or for a single clash. */
export function unexplainedLosses({ facts, spaces }: Losers): number {
  const isFull = spaces.some(
    ({ pressure, use }) =>
      pressure.dropWithoutEviction >= NEARING_DROP || use.used >= NEARING_SHARE * pressure.capacity,
  );
  const lost = facts.counters === undefined ? 0 : lostToSnat(facts.counters);
  return isFull || lost < FEWEST_LOSSES ? 0 : lost;
}

function rulesWithoutRandom({ facts }: NodeContext): string[] {
  const rules = [TCP, UDP].flatMap((protocol) =>
    ([4, 6] as const).flatMap((family) => egressRules(facts.natRules.sourceNat, protocol, family)),
  );
  const kept = rules.filter(({ action }) => action.random === 'none');
  return [
    ...new Set(
      kept.map(({ rule }) => `the rule of ${ownerName(rule.owner)} in ${rule.table} ${rule.path.at(-1) ?? ''}`),
    ),
  ];
}
