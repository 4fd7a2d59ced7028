// How full the conntrack table is, from sysctls: needs no capability.
import type { Gap } from '../../core/model/gap.ts';
import type { TableUse } from '../../core/model/node-facts.ts';
import type { Reading } from '../../core/model/reading.ts';
import { conntrackAbsent, hasConntrack } from './conntrack-absent.ts';
import { parseSysctlNumber } from '../../core/model/parse-sysctl.ts';
import { readProcFile } from './proc-file.ts';

const SOURCE = 'sysctl net.netfilter.nf_conntrack_count, nf_conntrack_max';

/** Reads entries and limit of this thread's network namespace. When either cannot be read both are 0, and a gap says why. */
export function readProcTableUse(): Reading<TableUse> {
  const count = readSysctl('nf_conntrack_count');
  const max = readSysctl('nf_conntrack_max');
  if (count === undefined || max === undefined) {
    return { value: { count: 0, max: 0 }, source: SOURCE, complete: false, gaps: [unreadable()] };
  }
  return { value: { count, max }, source: SOURCE, complete: true, gaps: [] };
}

function readSysctl(name: string): number | undefined {
  const text = readProcFile(`/proc/sys/net/netfilter/${name}`);
  return text === undefined ? undefined : parseSysctlNumber(text);
}

function unreadable(): Gap {
  const what = 'how full the conntrack table is';
  if (!hasConntrack()) return conntrackAbsent(what);
  return { id: 'sysctls', what, why: `${SOURCE}: not readable`, weakens: 'whether packets are lost to a full table' };
}
