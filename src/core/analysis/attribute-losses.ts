// Which port space the packets lost in the window belong to: the counters count per node, so only where no other space can have lost them.
import { lostToSnat } from '../model/counters.ts';
import type { SpaceContext } from './check-context.ts';
import type { SpaceLosses } from './diagnosis.ts';
import { FEWEST_LOSSES, NEARING_SHARE, RACE_PROBES, WARNING_DROP } from './thresholds.ts';

/** A space with a tenth of another's drop probability loses next to nothing beside it. */
const RIVAL_SHARE = 0.1;

/** The same spaces, the one that lost the window's packets with its losses. */
export function attributeLosses(spaces: readonly SpaceContext[]): readonly SpaceContext[] {
  const loser = findLoser(spaces);
  return spaces.map((context) => (context === loser ? { ...context, losses: measureLosses(context) } : context));
}

/** What new flows of this space are in for: the computed probability, or the share that was lost when that is worse. */
export function gravestLoss({ pressure, losses }: SpaceContext): number {
  return Math.max(pressure.drop, losses?.measuredLoss ?? 0);
}

/** The one space full enough to fail searches, when the losses look like failed searches. */
function findLoser(spaces: readonly SpaceContext[]): SpaceContext | undefined {
  const counters = spaces[0]?.facts.counters;
  if (counters === undefined) return undefined;
  const lost = lostToSnat(counters);
  if (lost < FEWEST_LOSSES || counters.found / lost < RACE_PROBES) return undefined;
  const [first, ...others] = spaces.filter(canLose).toSorted((left, right) => right.pressure.drop - left.pressure.drop);
  if (first === undefined) return undefined;
  return others.some(({ pressure }) => pressure.drop > RIVAL_SHARE * first.pressure.drop) ? undefined : first;
}

function canLose({ pressure }: SpaceContext): boolean {
  return pressure.livePorts >= NEARING_SHARE * pressure.capacity || pressure.drop >= WARNING_DROP;
}

/** NEW events exist only for confirmed flows, so attempts are those and the lost packets. */
function measureLosses({ facts, churn }: SpaceContext): SpaceLosses {
  const { counters, arrivals } = facts;
  const seconds = Math.max(counters?.seconds ?? 0, 0.001);
  const lostPerSecond = counters === undefined ? 0 : lostToSnat(counters) / seconds;
  const through = arrivals?.lossy === true ? undefined : churn.newPerSecond;
  if (through === undefined) return { seconds, lostPerSecond };
  return { seconds, lostPerSecond, measuredLoss: lostPerSecond / (lostPerSecond + through) };
}
