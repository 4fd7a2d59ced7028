// Conntrack's counters and how full its table is, by netlink where that is allowed, else from /proc.
import { counterDelta } from '../core/model/counter-delta.ts';
import type { ConntrackCounters, CounterDelta } from '../core/model/counters.ts';
import type { TableUse } from '../core/model/node-facts.ts';
import type { Reading } from '../core/model/reading.ts';
import { readConntrackCounters } from '../kernel/conntrack/conntrack-counters.ts';
import { readTableUse } from '../kernel/conntrack/table-use.ts';
import { readProcCounters } from '../kernel/procfs/read-proc-counters.ts';
import { readProcTableUse } from '../kernel/procfs/read-proc-table-use.ts';

/** Netlink first; /proc needs no capability and says the same. */
export function readCounters(): Reading<ConntrackCounters | undefined> {
  const netlink = readConntrackCounters();
  if (netlink.complete) return netlink;
  const proc = readProcCounters();
  return proc.complete ? proc : { value: undefined, source: proc.source, complete: false, gaps: proc.gaps };
}

export function readUse(): TableUse | undefined {
  const netlink = readTableUse();
  if (netlink.complete) return netlink.value;
  const proc = readProcTableUse();
  return proc.complete ? proc.value : undefined;
}

/** Undefined when either reading is missing. */
export function deltaOf(window: {
  before: ConntrackCounters | undefined;
  after: ConntrackCounters | undefined;
  seconds: number;
}): CounterDelta | undefined {
  if (window.before === undefined || window.after === undefined) return undefined;
  return counterDelta(window.before, window.after, window.seconds);
}
