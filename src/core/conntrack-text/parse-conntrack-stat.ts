// The text of /proc/net/stat/nf_conntrack: a line of column names, then one line of hex counters per CPU
// (ct_cpu_seq_show, net/netfilter/nf_conntrack_standalone.c). Columns are found by name: their meaning moved over time.
import type { ConntrackCounters } from '../model/counters.ts';

/** Column names of each counter; the first that the header has counts. */
const COLUMNS: Readonly<Record<keyof ConntrackCounters, readonly string[]>> = {
  found: ['found'],
  invalid: ['invalid'],
  insertFailed: ['insert_failed'],
  drop: ['drop'],
  earlyDrop: ['early_drop'],
  // `delete_list` stood there before the hash-chain limit came; it always read 0 and means something else.
  chainTooLong: ['chainlength', 'chaintoolong'],
  // `searched` stood there before 5.9.
  clashResolve: ['clashres', 'clash_resolve'],
};

export interface ConntrackStat {
  readonly counters: ConntrackCounters;
  /** Counters this kernel does not show; they read 0 (chainTooLong: undefined) above. */
  readonly missing: readonly (keyof ConntrackCounters)[];
  /** Rows, that is CPUs, that were summed. */
  readonly rows: number;
  /** Rows that were cut short or not hexadecimal; not summed. */
  readonly malformedRows: number;
}

/** Sums the rows. Never throws: what is malformed is counted. */
export function parseConntrackStat(text: string): ConntrackStat {
  const [header = '', ...lines] = text.trim().split('\n');
  const names = fieldsOf(header);
  const parsed = lines.map((line) => parseRow(line, names.length));
  const rows = parsed.filter((row) => row !== undefined);
  const missing: (keyof ConntrackCounters)[] = [];
  const sum = (counter: keyof ConntrackCounters): number | undefined => {
    const column = names.findIndex((name) => COLUMNS[counter].includes(name));
    if (column >= 0) return rows.reduce((total, row) => total + (row[column] ?? 0), 0);
    missing.push(counter);
    return undefined;
  };
  const chainTooLong = sum('chainTooLong');
  const counters: ConntrackCounters = {
    found: sum('found') ?? 0,
    invalid: sum('invalid') ?? 0,
    insertFailed: sum('insertFailed') ?? 0,
    drop: sum('drop') ?? 0,
    earlyDrop: sum('earlyDrop') ?? 0,
    ...(chainTooLong === undefined ? {} : { chainTooLong }),
    clashResolve: sum('clashResolve') ?? 0,
  };
  return { counters, missing, rows: rows.length, malformedRows: parsed.length - rows.length };
}

function parseRow(line: string, width: number): number[] | undefined {
  const fields = fieldsOf(line);
  const whole = fields.length === width && fields.every((field) => /^[0-9a-f]{1,8}$/i.test(field));
  return whole ? fields.map((field) => Number.parseInt(field, 16)) : undefined;
}

function fieldsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}
