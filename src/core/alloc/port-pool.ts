// The ports that the flows to one destination may get: one range, several parts chosen at random, or several addresses.
import type { PortRange } from '../model/port-range.ts';
import { rangeSize } from '../model/port-range.ts';
import type { SearchBehaviour } from './port-search.ts';
import { sustainableFlows } from './sustainable-flows.ts';
import { TCP } from '../model/protocol.ts';

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
  /** 0..1: how much of the hold time a flow is live; the rest it is closing (TIME_WAIT, CLOSE). */
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
 * Flows that may hold a port at once (closing ones included) while a new one is lost with `target`, 0 < target < 1.
 * It never falls when the pool grows at the end, and never rises when the target falls.
 */
export function poolCapacity(use: PoolUse, target: number): number {
  const behaviour = use.protocol === TCP ? use.behaviour : { ...use.behaviour, evictsClosing: 'no' as const };
  return Math.min(
    ...use.parts.map(({ range, share }) => sustainableFlows(range, behaviour, target) / Math.max(share, 1e-9)),
  );
}

/**
 * Chance that a new flow is lost while `flows` are offered during one hold time (arrivals x hold; for `accumulating`: held).
 * Blocked flows are lost, so `flows` may exceed the ports; then the chance approaches 1 - ports / flows.
 */
export function poolDrop(use: PoolUse, flows: number): number {
  let [low, high] = [1e-12, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = Math.sqrt(low * high);
    if (poolCapacity(use, middle) < flows) low = middle;
    else high = middle;
  }
  return high;
}
