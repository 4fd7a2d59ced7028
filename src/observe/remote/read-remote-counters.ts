// Conntrack's counters of a node at one moment, and what two moments make of them.
import { counterDelta } from '../../core/model/counter-delta.ts';
import type { ConntrackCounters, CounterDelta } from '../../core/model/counters.ts';
import type { Gap } from '../../core/model/gap.ts';
import { readCounterText } from '../../dumps/flows/counter-text.ts';
import type { NodeCommands } from './node-commands.ts';
import { noCounters } from './remote-gaps.ts';

/** Counters with the time they were printed at, monotonic milliseconds. */
export interface CountersAt {
  readonly counters: ConntrackCounters | undefined;
  readonly at: number;
  readonly gaps: readonly Gap[];
}

/** `conntrack -S` is sums by name on every version; the file needs no capability. */
export async function readRemoteCounters(commands: NodeCommands): Promise<CountersAt> {
  const file = await commands.text(['cat', '/proc/net/stat/nf_conntrack']);
  const read = file.ok ? file : await commands.text(['conntrack', '-S']);
  if (!read.ok) return { counters: undefined, at: 0, gaps: [noCounters(file.ok ? read.why : file.why)] };
  const { value, gaps } = readCounterText(read.text, file.ok ? '/proc/net/stat/nf_conntrack' : 'conntrack -S');
  const isBlind = gaps.some(({ what }) => what === 'conntrack counters');
  return { counters: isBlind ? undefined : value, at: read.startedAt, gaps };
}

export function deltaBetween(before: CountersAt, after: CountersAt): CounterDelta | undefined {
  if (before.counters === undefined || after.counters === undefined) return undefined;
  return counterDelta(before.counters, after.counters, (after.at - before.at) / 1000);
}
