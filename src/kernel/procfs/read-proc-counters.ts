// Conntrack's counters of this thread's network namespace from procfs: needs no capability (mode 0444).
import type { ConntrackCounters } from '../../core/model/counters.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { Reading } from '../../core/model/reading.ts';
import { conntrackAbsent, hasConntrack } from './conntrack-absent.ts';
import { type ConntrackStat, parseConntrackStat } from '../../core/conntrack-text/parse-conntrack-stat.ts';
import { readProcFile } from './proc-file.ts';

const SOURCE = '/proc/net/stat/nf_conntrack';
const PATH = '/proc/thread-self/net/stat/nf_conntrack';
const WEAKENS = 'how many packets were lost, and to what';

const NOTHING: ConntrackCounters = { found: 0, invalid: 0, insertFailed: 0, drop: 0, earlyDrop: 0, clashResolve: 0 };

/**
 * Reads the counters, summed over CPUs, absolute. Without any, every one is 0, `complete` is false and a gap says why:
 * use them only when `complete`, or after reading the gaps.
 */
export function readProcCounters(): Reading<ConntrackCounters> {
  const text = readProcFile(PATH);
  if (text === undefined) return { value: NOTHING, source: SOURCE, complete: false, gaps: [unreadable()] };
  const stat = parseConntrackStat(text);
  const gaps = gapsOf(stat);
  return { value: stat.counters, source: SOURCE, complete: gaps.length === 0, gaps };
}

function unreadable(): Gap {
  if (!hasConntrack()) return conntrackAbsent('conntrack counters');
  return {
    id: 'counters',
    what: 'conntrack counters',
    why: `${SOURCE} is not readable`,
    weakens: WEAKENS,
    remedy: 'sudo portolan diagnose',
  };
}

/** A kernel without a hash-chain limit has no chainTooLong to count: that is no gap. */
function gapsOf(stat: ConntrackStat): Gap[] {
  const missing = stat.missing.filter((counter) => counter !== 'chainTooLong');
  const gaps: Gap[] = [];
  if (missing.length > 0) gaps.push(counterGap(missing.join(', '), 'this kernel shows no such column'));
  if (stat.malformedRows > 0) gaps.push(counterGap(`counters of ${stat.malformedRows} CPUs`, 'malformed rows'));
  if (stat.rows === 0) gaps.push(counterGap('conntrack counters', 'no row was readable'));
  return gaps;
}

function counterGap(what: string, why: string): Gap {
  return { id: 'counters', what, why: `${SOURCE}: ${why}`, weakens: WEAKENS };
}
