// What conntrack counted between two readings of one namespace.
import type { ConntrackCounters, CounterDelta } from './counters.ts';

/**
 * The difference of two sums, right across wraps: each per-CPU counter is a u32 (unsigned int in struct ip_conntrack_stat),
 * so a sum over CPUs is only known modulo 2^32, and so is the difference. It is exact below 2^32 events between the readings.
 */
function wrapped(before: number, after: number): number {
  return (after - before) >>> 0;
}

/** What happened between two readings, `seconds` apart. chainTooLong stays undefined unless both readings have it. */
export function counterDelta(before: ConntrackCounters, after: ConntrackCounters, seconds: number): CounterDelta {
  const chainTooLong =
    before.chainTooLong === undefined || after.chainTooLong === undefined
      ? {}
      : { chainTooLong: wrapped(before.chainTooLong, after.chainTooLong) };
  return {
    found: wrapped(before.found, after.found),
    invalid: wrapped(before.invalid, after.invalid),
    insertFailed: wrapped(before.insertFailed, after.insertFailed),
    drop: wrapped(before.drop, after.drop),
    earlyDrop: wrapped(before.earlyDrop, after.earlyDrop),
    clashResolve: wrapped(before.clashResolve, after.clashResolve),
    ...chainTooLong,
    seconds,
  };
}
