// Conntrack's counters as tools print them: `conntrack -S` of every age, and /proc/net/stat/nf_conntrack. A few lines, so text.
import { parseConntrackStat } from '../../core/conntrack-text/parse-conntrack-stat.ts';
import type { ConntrackCounters } from '../../core/model/counters.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { Reading } from '../../core/model/reading.ts';

type Counter = keyof ConntrackCounters;

/** The names of libnetfilter_conntrack and of the kernel's columns. */
const NAMES: ReadonlyMap<string, Counter> = new Map([
  ['found', 'found'],
  ['invalid', 'invalid'],
  ['insert_failed', 'insertFailed'],
  ['drop', 'drop'],
  ['early_drop', 'earlyDrop'],
  ['chaintoolong', 'chainTooLong'],
  ['chainlength', 'chainTooLong'],
  ['clash_resolve', 'clashResolve'],
  ['clashres', 'clashResolve'],
]);

/** A kernel without a hash-chain limit has no chainTooLong, one before 5.9 no clashResolve; the others every kernel has. */
const ALWAYS: readonly Counter[] = ['found', 'invalid', 'insertFailed', 'drop', 'earlyDrop'];

/** No processor has more lines than that: what follows is not counters. */
const MOST_LINES = 16_384;

/** Sums the counters over CPUs. Never throws; a text without any gives zeros and a gap. */
export function readCounterText(text: string, source = 'conntrack -S'): Reading<ConntrackCounters> {
  const lines = text.split(/\r?\n/, MOST_LINES).map((line) => line.trim());
  const header = lines.findIndex((line) => /^entries\s+(searched|clashres)\s/.test(line));
  if (header >= 0) return readColumns(lines.slice(header), source);
  return readNamed(lines, source);
}

/** /proc/net/stat/nf_conntrack. */
function readColumns(lines: readonly string[], source: string): Reading<ConntrackCounters> {
  const rows = lines.slice(1).filter((line) => /^[0-9a-f]{8}\s/i.test(line));
  const stat = parseConntrackStat([lines[0], ...rows].join('\n'));
  const missing = stat.missing.filter((counter) => ALWAYS.includes(counter));
  const gaps: Gap[] = [];
  if (stat.rows === 0) gaps.push(gap('conntrack counters', 'no row was readable'));
  else if (missing.length > 0) gaps.push(gap(missing.join(', '), 'there is no such column'));
  if (stat.malformedRows > 0) gaps.push(gap(`counters of ${stat.malformedRows} CPUs`, 'rows cut short or malformed'));
  return { value: stat.counters, source, complete: gaps.length === 0, gaps };
}

/** `cpu=0 found=1 ...`, one line a CPU; before conntrack-tools 1.0 `found 1`, one line a counter, summed already. */
function readNamed(lines: readonly string[], source: string): Reading<ConntrackCounters> {
  const sums = new Map<Counter, number>();
  let malformed = 0;
  for (const line of lines) {
    const pairs = pairsOf(line);
    if (pairs === 'malformed') malformed += 1;
    else for (const [counter, value] of pairs) sums.set(counter, (sums.get(counter) ?? 0) + value);
  }
  return readingOf({ sums, malformed, source });
}

/** The counters of one line; none for a line of something else; `malformed` for one that is cut short. */
function pairsOf(line: string): readonly (readonly [Counter, number])[] | 'malformed' {
  const listed = /^([a-z_]+)\s+(\d+)$/.exec(line);
  const words = /^(cpu=\d+\s|searched=|found=)/.test(line) ? line.split(/\s+/) : [];
  const texts = listed === null ? words : [`${listed[1]}=${listed[2]}`];
  const pairs: (readonly [Counter, number])[] = [];
  for (const text of texts) {
    const match = /^([a-z_]+)=(\d{1,10})$/.exec(text);
    if (match === null) return 'malformed';
    const counter = NAMES.get(match[1] ?? '');
    if (counter !== undefined) pairs.push([counter, Number(match[2])]);
  }
  const isWhole = words.length === 0 || ALWAYS.every((name) => pairs.some(([counter]) => counter === name));
  return isWhole ? pairs : 'malformed';
}

function readingOf(read: {
  readonly sums: ReadonlyMap<Counter, number>;
  readonly malformed: number;
  readonly source: string;
}): Reading<ConntrackCounters> {
  const { sums, malformed, source } = read;
  const of = (counter: Counter): number => sums.get(counter) ?? 0;
  const chainTooLong = sums.get('chainTooLong');
  const value: ConntrackCounters = {
    found: of('found'),
    invalid: of('invalid'),
    insertFailed: of('insertFailed'),
    drop: of('drop'),
    earlyDrop: of('earlyDrop'),
    ...(chainTooLong === undefined ? {} : { chainTooLong }),
    clashResolve: of('clashResolve'),
  };
  const missing = ALWAYS.filter((counter) => !sums.has(counter));
  const gaps: Gap[] = [];
  if (missing.length === ALWAYS.length) gaps.push(gap('conntrack counters', 'no line is of conntrack -S'));
  else if (missing.length > 0) gaps.push(gap(missing.join(', '), 'the text does not have them'));
  if (malformed > 0) gaps.push(gap(`counters of ${malformed} CPUs`, 'lines cut short or malformed'));
  return { value, source, complete: gaps.length === 0, gaps };
}

function gap(what: string, why: string): Gap {
  return { id: 'counters', what, why, weakens: 'how many packets were lost, and to what', remedy: 'sudo conntrack -S' };
}
