// The ports that the flows to one destination may get: one range, several parts chosen at random, or several addresses.
import type { PortRange } from '../../model/port-range.ts';
import { rangeSize } from '../../model/port-range.ts';
import { TCP } from '../../model/protocol.ts';
import type { CapacityCurve } from './capacity-curve.ts';
import { poolCurve } from './pool-curve.ts';
import type { SearchBehaviour } from '../port-search.ts';

/** One range on one SNAT address, with its share of the searches. */
export interface PoolPart {
  readonly range: PortRange;
  /** 0..1; the shares of a pool add up to 1. The kernel gives a flow one part only: there is no fallback. */
  readonly share: number;
}

/**
 * How long flows hold their ports. `fixed`: all equally long (TIME_WAIT, one-shot UDP). `exponential`: random.
 * `accumulating`: nothing ends, flows only arrive (long-lived connections, leaks).
 */
export const HOLD_PATTERNS = ['fixed', 'exponential', 'accumulating'] as const;

export type HoldPattern = (typeof HOLD_PATTERNS)[number];

/** What a pool is measured for. */
export interface PoolUse {
  readonly parts: readonly PoolPart[];
  /** IPPROTO_*; only TCP takes closing entries over. */
  readonly protocol: number;
  readonly behaviour: SearchBehaviour;
  readonly pattern: HoldPattern;
  /**
   * 0..1: how much of the hold time a flow is live; the rest it is closing (TIME_WAIT, CLOSE). Of use only where closing
   * entries are taken over; flows that accumulate never close.
   */
  readonly liveShare: number;
}

/** Ports of all parts. */
export function poolSize({ parts }: Pick<PoolUse, 'parts'>): number {
  return parts.reduce((total, { range }) => total + rangeSize(range), 0);
}

/** Parts that share a pool's searches by their sizes, which is what makes them fill evenly. */
export function partsBySize(ranges: readonly PortRange[]): readonly PoolPart[] {
  const total = ranges.reduce((sum, range) => sum + rangeSize(range), 0);
  return ranges.map((range) => ({ range, share: rangeSize(range) / total }));
}

/**
 * Flows (closing ones included) at which a new one is lost with `target`, 0 < target < 1: offered during one hold time
 * (arrivals x hold), or held where they accumulate.
 * It never falls when a part grows at its lower end or the target rises. From simulation: docs/decisions/0010-what-a-range-bears.md.
 */
export function poolCapacity(use: PoolUse, target: number): number {
  return curveOf(use).capacity(target);
}

/**
 * Chance that a new flow is lost while `flows` are offered during one hold time (arrivals x hold; for `accumulating`: held).
 * Blocked flows are lost, so `flows` may exceed the ports; then the chance approaches 1 - ports / flows. The inverse of poolCapacity.
 */
export function poolDrop(use: PoolUse, flows: number): number {
  return curveOf(use).drop(flows);
}

function curveOf({ parts, protocol, behaviour, pattern, liveShare }: PoolUse): CapacityCurve {
  const evicts = protocol === TCP && behaviour.evictsClosing === 'yes' && behaviour.search !== 'full-scan';
  return poolCurve(parts, {
    search: behaviour.search === 'full-scan' ? 'full-scan' : 'windows',
    pattern,
    liveShare: evicts && pattern !== 'accumulating' ? liveShare : 1,
  });
}
