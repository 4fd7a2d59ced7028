// What a situation bears: one node's hottest port space against the goal.
import { type PoolUse, partsBySize, poolCapacity, poolDrop } from '../alloc/capacity/port-pool.ts';
import { type Effect, type Goal, MOST_FACTOR } from './plan.ts';
import type { Situation } from './situation.ts';
import { attemptsOf, dropWithRetries } from './syn-attempts.ts';

/** Flows that are open for less than this share of their time are no limit to anybody: nearly every port may be taken over. */
export const HARDLY_OPEN = 1e-3;

/**
 * What the hottest node bears at the goal's chance, and what is lost there today and at the goal's load.
 *
 * @param goal 0 < targetDrop < 1, loadFactor > 0.
 */
export function effectOf(situation: Situation, goal: Goal): Effect {
  const { load, placement, ports } = situation;
  const use = poolOf(situation);
  const flows = hottestFlows(situation);
  const capacityFlows = Math.min(poolCapacity(use, goal.targetDrop) * ports.snatAddresses, MOST_FACTOR);
  const attempts = load.pattern === 'accumulating' ? 1 : attemptsOf(situation);
  const dropAt = (factor: number): number =>
    dropWithRetries((perFlow) => poolDrop(use, (flows * factor * perFlow) / ports.snatAddresses), attempts);
  const isAny = bearsAnyLoad({ capacityFlows });
  const perSecond = isAny
    ? MOST_FACTOR
    : capacityFlows / (placement.hottestShare * Math.max(load.holdSeconds ?? 0, 1e-3));
  return {
    capacityFlows,
    ...(load.holdSeconds === undefined ? {} : { capacityPerSecond: Math.min(perSecond, MOST_FACTOR) }),
    dropToday: dropAt(1),
    dropAtGoal: dropAt(goal.loadFactor),
    bearsFactor: isAny ? MOST_FACTOR : Math.min(capacityFlows / Math.max(flows, 1e-9), MOST_FACTOR),
  };
}

/** Whether there is no limit: closed connections give their ports away, and hardly any is open. */
export function bearsAnyLoad({ capacityFlows }: Pick<Effect, 'capacityFlows'>): boolean {
  return capacityFlows >= MOST_FACTOR;
}

/** Whether the goal's load is lost no more often than the goal allows. */
export function reachesGoal({ bearsFactor }: Effect, { loadFactor }: Goal): boolean {
  return bearsFactor >= loadFactor * (1 - 1e-9);
}

/** Flows that ask for a port of the hottest node's hottest port space at once, over its SNAT addresses. */
export function hottestFlows({ load, placement }: Situation): number {
  return load.flows * placement.hottestShare;
}

/** The ports of one SNAT address; several addresses are as many such pools, each with its even part of the load. */
function poolOf({ load, ports }: Situation): PoolUse {
  const { protocol, pattern } = load;
  const liveShare = load.liveShare < HARDLY_OPEN ? 0 : load.liveShare;
  return { parts: partsBySize(ports.ranges), protocol, behaviour: ports.behaviour, pattern, liveShare };
}
