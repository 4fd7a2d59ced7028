// How long events may wait in the kernel's queue: waking up costs more than reading a few, and the queue must never fill.

/** The queue holds more than half a second of the most that a kernel sends, 200,000 a second (npm run bench -- agent-events). */
const LEAST_MILLISECONDS = 20;
const MOST_MILLISECONDS = 100;
/** While none come: half of what the queue holds, should a storm begin right after a look. */
const IDLE_MILLISECONDS = 250;
/** Worth waking up for: reading them takes about a millisecond. */
const EVENTS_A_DRAIN = 1000;

/** Milliseconds until the next drain, after one that read so many events of the time that was waited for it. */
export function drainAfterMilliseconds(last: { readonly events: number; readonly waitedMilliseconds: number }): number {
  const { events, waitedMilliseconds } = last;
  if (events === 0) return Math.min(IDLE_MILLISECONDS, Math.max(MOST_MILLISECONDS, waitedMilliseconds * 2));
  const enough = (waitedMilliseconds * EVENTS_A_DRAIN) / events;
  return Math.min(MOST_MILLISECONDS, Math.max(LEAST_MILLISECONDS, enough));
}

/** Before anything is known of how many come. */
export const FIRST_DRAIN_MILLISECONDS = LEAST_MILLISECONDS;
