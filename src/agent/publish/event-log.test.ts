import { describe, expect, it } from 'vitest';
import { EventLog, MOST_EVENTS_AN_HOUR } from './event-log.ts';

const MINUTE = 60_000;
const happening = (reason: string, note = 'n') => ({ node: 'n', uid: 'u', type: 'Warning' as const, reason, note });

describe('EventLog', () => {
  it('counts what comes again within half an hour, and begins anew after', () => {
    const log = new EventLog();
    expect(log.note(happening('A', 'first'), 0)).toEqual({ ...happening('A', 'first'), atMilliseconds: 0 });
    expect(log.note(happening('B'), MINUTE)?.series).toBeUndefined();
    expect(log.note(happening('A', 'second'), 20 * MINUTE)).toEqual({
      ...happening('A', 'first'),
      atMilliseconds: 0,
      series: { count: 2, lastMilliseconds: 20 * MINUTE },
    });
    expect(log.note(happening('A'), 45 * MINUTE)?.series?.count).toBe(3);
    expect(log.note(happening('A'), 80 * MINUTE)).toEqual({ ...happening('A'), atMilliseconds: 80 * MINUTE });
  });

  it('does not count on for a node that was made anew under the same name', () => {
    const log = new EventLog();
    log.note(happening('A'), 0);
    expect(log.note({ ...happening('A'), uid: 'other' }, MINUTE)?.series).toBeUndefined();
  });

  it('stores no more than a dozen an hour', () => {
    const log = new EventLog();
    const stored = Array.from({ length: 120 }, (_, minute) => log.note(happening(`R${minute}`), minute * MINUTE));
    const times = stored.flatMap((event) => (event === undefined ? [] : [event.atMilliseconds]));
    for (const time of times)
      expect(times.filter((other) => other >= time && other < time + 60 * MINUTE).length).toBeLessThanOrEqual(
        MOST_EVENTS_AN_HOUR,
      );
    expect(times).toHaveLength(2 * MOST_EVENTS_AN_HOUR);
  });
});
