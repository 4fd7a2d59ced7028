// The ledger beside a fresh dump of our own and beside `conntrack -L`: what each has that the other lacks.
import { execFileSync } from 'node:child_process';
import { flowTableOf } from '../../src/core/ledger/ledger-table.ts';
import { FREE } from '../../src/core/ledger/ledger-columns.ts';
import type { FlowLedger } from '../../src/core/ledger/flow-ledger.ts';
import { dumpFlows } from '../../src/kernel/conntrack/dump-flows.ts';
import { type FlowText, textOfConntrack, textOfTable } from '../conntrack/flow-text.ts';

export interface Difference {
  readonly flows: number;
  /** In the other, not in the ledger. */
  readonly missing: readonly string[];
  /** In the ledger, not in the other, unless excused. */
  readonly extra: readonly string[];
}

export interface Comparison {
  readonly dump: Difference;
  readonly text: Difference;
}

/** `isLoose`: only who holds which port, not what became of the connection, which events do not tell. */
export function compareLedger(
  ledger: FlowLedger,
  options: {
    readonly localAddresses: readonly string[];
    readonly isLoose: boolean;
    readonly excused?: ReadonlySet<number>;
  },
): Comparison {
  const { localAddresses, isLoose, excused } = options;
  const mine = { lines: linesOf(textOfTable(flowTableOf(ledger)), isLoose), excused };
  const text = execFileSync('conntrack', ['-L', '-o', 'extended,id'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return {
    dump: differ(mine, linesOf(textOfTable(dumpFlows({ localAddresses }).value), isLoose)),
    text: differ(mine, linesOf(textOfConntrack(text, localAddresses), isLoose)),
  };
}

/** Nothing differs. */
export function isSame({ dump, text }: Comparison): boolean {
  return [dump, text].every(({ missing, extra }) => missing.length === 0 && extra.length === 0);
}

function linesOf(texts: readonly FlowText[], isLoose: boolean): readonly string[] {
  return texts.map(({ line, id }) => `${id} ${isLoose ? line.split(', ').slice(0, 4).join(', ') : line}`);
}

interface Mine {
  readonly lines: readonly string[];
  readonly excused: ReadonlySet<number> | undefined;
}

function differ({ lines, excused }: Mine, theirs: readonly string[]): Difference {
  const [mySet, theirSet] = [new Set(lines), new Set(theirs)];
  const isExcused = (line: string): boolean => excused?.has(Number.parseInt(line, 10)) === true;
  return {
    flows: theirs.length,
    missing: theirs.filter((line) => !mySet.has(line)),
    extra: lines.filter((line) => !theirSet.has(line) && !isExcused(line)),
  };
}

/** Ids of flows that are older than the listener: with nf_conntrack_events=2 nobody announces their end. */
export function unheardIds({ columns, top }: FlowLedger): ReadonlySet<number> {
  const ids = new Set<number>();
  for (let row = 0; row < top; row += 1)
    if (columns.portSpace[row] !== FREE && columns.heard[row] === 0) ids.add(columns.id[row] ?? 0);
  return ids;
}
