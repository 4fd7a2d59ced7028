// found and insert_failed of this thread's namespace, summed over CPUs. The per-thread path matters: /proc/net is the
// main thread's.
import { readFileSync } from 'node:fs';

export interface ProbeCounters {
  readonly found: number;
  readonly insertFailed: number;
}

/** Zeros for columns that this kernel does not have. */
export function readCounters(): ProbeCounters {
  const [header = '', ...rows] = readFileSync('/proc/thread-self/net/stat/nf_conntrack', 'utf8').trim().split('\n');
  const names = header.trim().split(/\s+/);
  const sum = (name: string): number => {
    const column = names.indexOf(name);
    return rows.reduce((total, row) => total + Number.parseInt(row.trim().split(/\s+/)[column] ?? '0', 16), 0);
  };
  return { found: sum('found'), insertFailed: sum('insert_failed') };
}
