// How full the conntrack table is, from sysctls: needs no capability.
import type { TableUse } from '../../core/model/node-facts.ts';
import type { Reading } from '../../core/model/reading.ts';
import { conntrackAbsent } from './conntrack-absent.ts';
import { readProcFile } from './proc-file.ts';

const SOURCE = 'sysctl net.netfilter.nf_conntrack_count, nf_conntrack_max';

/** Reads entries and limit of this thread's network namespace. Without conntrack both are 0, with the gap `conntrack-absent`. */
export function readProcTableUse(): Reading<TableUse> {
  const count = readProcFile('/proc/sys/net/netfilter/nf_conntrack_count');
  const max = readProcFile('/proc/sys/net/netfilter/nf_conntrack_max');
  if (count === undefined || max === undefined) {
    const gaps = [conntrackAbsent('how full the conntrack table is')];
    return { value: { count: 0, max: 0 }, source: SOURCE, complete: false, gaps };
  }
  return { value: { count: Number(count), max: Number(max) }, source: SOURCE, complete: true, gaps: [] };
}
