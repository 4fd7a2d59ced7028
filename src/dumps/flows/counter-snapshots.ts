// A text of conntrack's counters as the moments it holds: `conntrack -S` or /proc/net/stat/nf_conntrack, once or several times,
// with what stands between (`date`, a prompt).
import type { ConntrackCounters } from '../../core/model/counters.ts';
import type { Reading } from '../../core/model/reading.ts';
import { readCounterText } from './counter-text.ts';

/** The counters of one moment. */
export interface CounterSnapshot {
  readonly reading: Reading<ConntrackCounters>;
  /** Milliseconds, by a line in front of it; comparable within one text. */
  readonly atMilliseconds: number | undefined;
}

/** No text of counters that a person saves holds more. */
const MOST_SNAPSHOTS = 1000;
const MOST_LINES = 1_000_000;

interface Draft {
  readonly lines: string[];
  atMilliseconds: number | undefined;
  lastProcessor: number;
}

/** The moments in the order of the text; none when it has no counters. Never throws. */
export function counterSnapshots(text: string): readonly CounterSnapshot[] {
  const drafts: Draft[] = [];
  let time: number | undefined;
  let isApart = true;
  for (const line of text.split(/\r?\n/, MOST_LINES)) {
    const trimmed = line.trim();
    if (!isCounterLine(trimmed)) {
      time = timeOf(trimmed) ?? time;
      // Rows of one moment stand together; an old listing may have other counters in between, one a line.
      isApart = true;
      continue;
    }
    const last = drafts.at(-1);
    const processor = processorOf(trimmed);
    if (last === undefined || beginsAnother(trimmed, { last, processor, isApart })) {
      if (drafts.length === MOST_SNAPSHOTS) break;
      drafts.push({ lines: [trimmed], atMilliseconds: time, lastProcessor: processor });
      time = undefined;
    } else {
      last.lines.push(trimmed);
      last.lastProcessor = processor;
    }
    isApart = false;
  }
  return drafts.map(({ lines, atMilliseconds }) => ({ reading: readCounterText(lines.join('\n')), atMilliseconds }));
}

function beginsAnother(
  line: string,
  { last, processor, isApart }: { readonly last: Draft; readonly processor: number; readonly isApart: boolean },
): boolean {
  if (/^entries\s/.test(line)) return true;
  if (processor >= 0) return processor <= last.lastProcessor;
  return isApart;
}

const COUNTER_LINE =
  /^(?:cpu=\d+\s|(?:searched|found)=\d|entries\s|[0-9a-f]{8}(?:\s+[0-9a-f]{8}){5}|(?:searched|found|new|invalid|ignore|delete|delete_list|insert|insert_failed|drop|early_drop|icmp_error|expect_new|expect_create|expect_delete|search_restart)\s+\d+$)/i;

function isCounterLine(line: string): boolean {
  return COUNTER_LINE.test(line);
}

/** -1 where the line names none. */
function processorOf(line: string): number {
  return Number(/^cpu=(\d{1,6})\s/.exec(line)?.[1] ?? -1);
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `date`, `date -Is`, `date +%s`; the zone does not matter to a difference. */
function timeOf(line: string): number | undefined {
  if (/^\d{10}(?:\.\d+)?$/.test(line)) return Number(line) * 1000;
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(line)) return numberOrNothing(Date.parse(line.replace(' ', 'T')));
  const plain = /^\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?: [AP]M)?(?: \S+)? (\d{4})$/.exec(line);
  if (plain === null) return undefined;
  const [, month = '', day, hours, minutes, seconds, year] = plain;
  return Date.UTC(Number(year), MONTHS.indexOf(month), Number(day), Number(hours), Number(minutes), Number(seconds));
}

function numberOrNothing(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
