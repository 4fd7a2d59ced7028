// Which Events are worth storing: one for each change, the same one again as a series, and never more than a dozen an hour.
import type { NodeEvent } from '../../act/publish/node-event.ts';

const HOUR_MILLISECONDS = 3_600_000;
export const MOST_EVENTS_AN_HOUR = 12;
/** One that comes again within so long is counted, not stored anew; the API server forgets Events after an hour. */
const SERIES_MILLISECONDS = 1_800_000;

type Happening = Omit<NodeEvent, 'series' | 'atMilliseconds'>;

interface Stored {
  readonly event: NodeEvent;
  readonly lastMilliseconds: number;
}

export class EventLog {
  readonly #byReason = new Map<string, Stored>();
  #spent: readonly number[] = [];

  /** The event to store; undefined where too many were stored of late. `now`: wall-clock milliseconds. */
  note(happening: Happening, now: number): NodeEvent | undefined {
    this.#spent = this.#spent.filter((at) => Math.abs(now - at) < HOUR_MILLISECONDS);
    if (this.#spent.length >= MOST_EVENTS_AN_HOUR) return undefined;
    this.#spent = [...this.#spent, now];
    const event = this.#next(happening, now);
    this.#byReason.set(happening.reason, { event, lastMilliseconds: now });
    return event;
  }

  /** All but the series of one that is stored cannot be changed (ValidateEventUpdate): the first note stays. */
  #next(happening: Happening, now: number): NodeEvent {
    const known = this.#byReason.get(happening.reason);
    const isRecent = known !== undefined && Math.abs(now - known.lastMilliseconds) < SERIES_MILLISECONDS;
    if (!isRecent || known.event.uid !== happening.uid) return { ...happening, atMilliseconds: now };
    const count = (known.event.series?.count ?? 1) + 1;
    return { ...known.event, series: { count, lastMilliseconds: now } };
  }
}
