// What conntrack counted between the first and the last moment that texts of its counters hold.
import { counterDelta } from '../../core/model/counter-delta.ts';
import type { ConntrackCounters, CounterDelta } from '../../core/model/counters.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { CounterSnapshot } from './counter-snapshots.ts';

export interface CounterWindow {
  /** Undefined: no two moments of one node with their times. */
  readonly delta: CounterDelta | undefined;
  readonly gaps: readonly Gap[];
}

/** Counters are u32 and wrap; more than half of that in one window means another node, or a restart in between. */
const MOST_PLAUSIBLE = 2 ** 31;
const SHORTEST_SECONDS = 0.5;

const TWO_MOMENTS = '(date; sudo conntrack -S; sleep 60; date; sudo conntrack -S) > counters.txt';

/** `snapshots` with the time of each, in any order. */
export function counterWindow(snapshots: readonly CounterSnapshot[]): CounterWindow {
  const whole = snapshots.filter(({ reading }) => reading.complete);
  const cut = snapshots.flatMap(({ reading }) => reading.gaps);
  const [first, ...rest] = whole;
  if (first === undefined) return nothing(cut.length > 0 ? cut : [gap('no file holds them')]);
  if (rest.length === 0)
    return nothing([...cut, gap('the files hold one moment of the counters, and they count since boot')]);
  const timed = whole.filter(({ atMilliseconds }) => atMilliseconds !== undefined).toSorted(byTime);
  const [before, after] = [timed[0], timed.at(-1)];
  const seconds = ((after?.atMilliseconds ?? 0) - (before?.atMilliseconds ?? 0)) / 1000;
  if (before === undefined || after === undefined || timed.length < whole.length || seconds < SHORTEST_SECONDS)
    return nothing([...cut, gap('nothing says when each of the moments was')]);
  const delta = counterDelta(before.reading.value, after.reading.value, seconds);
  if (!isPlausible(delta))
    return nothing([...cut, gap('the later counters are lower: another node, or it was restarted')]);
  return { delta, gaps: cut };
}

function byTime(left: CounterSnapshot, right: CounterSnapshot): number {
  return (left.atMilliseconds ?? 0) - (right.atMilliseconds ?? 0);
}

function isPlausible(delta: ConntrackCounters): boolean {
  const { found, invalid, insertFailed, drop, earlyDrop } = delta;
  return [found, invalid, insertFailed, drop, earlyDrop].every((count) => count < MOST_PLAUSIBLE);
}

function nothing(gaps: readonly Gap[]): CounterWindow {
  return { delta: undefined, gaps };
}

function gap(why: string): Gap {
  return {
    id: 'counters',
    what: 'how many packets were lost',
    why,
    weakens: 'losses: none is counted, the drop probability is computed from the ports alone',
    remedy: TWO_MOMENTS,
  };
}
