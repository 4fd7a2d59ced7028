// Losses of a window, from files that hold conntrack's counters at two moments.
import { counterSnapshots } from '../../dumps/flows/counter-snapshots.ts';
import type { CounterSnapshot } from '../../dumps/flows/counter-snapshots.ts';
import { counterWindow } from '../../dumps/flows/counter-window.ts';
import type { CounterWindow } from '../../dumps/flows/counter-window.ts';
import { textOfInput } from './dump-input.ts';
import type { DumpInput } from './dump-input.ts';

/** Two moments in one file with their times, or one moment in each of two files. */
export function readCounterFiles(inputs: readonly DumpInput[]): CounterWindow {
  return counterWindow(inputs.flatMap(snapshotsOf));
}

/** A file of one moment was written at that moment, unless a line in it says when it was. */
function snapshotsOf(input: DumpInput): readonly CounterSnapshot[] {
  const snapshots = counterSnapshots(textOfInput(input));
  const [only] = snapshots;
  if (only === undefined || snapshots.length > 1 || only.atMilliseconds !== undefined) return snapshots;
  return [{ ...only, atMilliseconds: input.writtenAt }];
}
