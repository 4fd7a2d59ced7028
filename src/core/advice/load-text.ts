// The load in a person's words: which destination, what its flows are called, how many there are.
import { formatCount, formatInteger } from '../model/number-text.ts';
import { TCP, protocolName } from '../model/protocol.ts';
import { bearsAnyLoad } from './effect.ts';
import type { Effect } from './plan.ts';
import type { Load } from './situation.ts';

/** `tcp 203.0.113.9:443`. */
export function formatDestination({ protocol, family, remoteAddress, remotePort }: Load): string {
  const host = family === 6 ? `[${remoteAddress}]` : remoteAddress;
  return `${protocolName(protocol)} ${host}:${remotePort}`;
}

/** TCP flows are connections to everybody; the rest are flows. */
export function formatFlows(load: Load, count: number): string {
  return formatCount(count, flowNoun(load));
}

export function flowNoun({ protocol }: Load): string {
  return protocol === TCP ? 'connection' : 'flow';
}

/** How much more (or less) than before: `+80 %`; nothing to compare where any load is borne. */
export function formatGain(after: Effect, before: Effect): string {
  if (bearsAnyLoad(after)) return bearsAnyLoad(before) ? 'as before' : 'any load';
  const percent = Math.round((after.capacityFlows / Math.max(before.capacityFlows, 1e-9) - 1) * 100);
  return `${percent > 0 ? '+' : ''}${formatInteger(percent)} %`;
}

/** How many times today's load: two figures are all that a forecast carries. */
export function formatFactor(factor: number): string {
  if (factor >= 1000) return 'more than 1,000';
  return factor >= 10 ? formatInteger(factor) : factor.toPrecision(2);
}
