// docs/reference/overhead.md, made from what `npm run bench -- agent-overhead` measured.
import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { FlowHistory } from '../src/core/ledger/flow-history.ts';

/** What one table under one churn cost. */
export interface OverheadRow {
  readonly entries: number;
  readonly flows: number;
  readonly newPerSecond: number;
  /** How long it was measured. */
  readonly seconds: number;
  /** Of one CPU. */
  readonly percent: number;
  readonly megabytes: number;
  readonly peakMegabytes: number;
  /** Without what remembers flows that ended, which is as large for every node. */
  readonly ledgerBytes: number;
  /** CPU of a look; how long the resync in it took, and how often one comes. */
  readonly lookSeconds: number;
  readonly resyncSeconds: number;
  readonly everySeconds: number;
  readonly eventsPerSecond: number;
  readonly overruns: number;
}

/** As the agent has it by default. */
export const HISTORY_BYTES = new FlowHistory(65_536).bytes;

const HEADS = [
  'Conntrack entries',
  'Flows',
  'New a second',
  'CPU, of one CPU',
  'Memory',
  'at its most',
  'Ledger, bytes a flow',
  'Resync',
  'every',
  'Events lost',
];

export function writeOverheadPage(rows: readonly OverheadRow[]): void {
  const secondsOf = (isRest: boolean): number =>
    rows.find(({ newPerSecond }) => (newPerSecond === 0) === isRest)?.seconds ?? 0;
  const times = `${secondsOf(false)} s a line; at rest ${secondsOf(true)} s, after as long a rest`;
  const lines = [
    '# What the agent costs',
    '<!-- Made by npm run bench -- agent-overhead --write -->',
    `\`npm run bench -- agent-overhead --write\` measured this on Linux ${release().split('-')[0] ?? ''}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'CPU'}, the agent's CPU budget lifted (\`--cpu 100\`), ${times}. A new flow lives for 4 s, or until 20,000 others have begun after it, and is two events. CPU is user and system time of the whole agent (getrusage): between two looks, and a look's as often as one comes. Memory is what is resident at the end, and at its most since the agent of that table began.`,
    [`| ${HEADS.join(' | ')} |`, `|${'---|'.repeat(HEADS.length)}`, ...rows.map(lineOf)].join('\n'),
    `Bytes a flow: without the ${(HISTORY_BYTES / 2 ** 20).toFixed(1)} MB in which 65,536 flows that ended are remembered. Events lost: how often the kernel found the queue full. Beside readers in C: \`npm run bench -- agent-events\`. A scrape: \`npm run bench -- scrape\`. A million port spaces: \`npm run bench -- port-spaces\`.`,
  ];
  writeFileSync('docs/reference/overhead.md', `${lines.join('\n\n')}\n`);
}

function lineOf(row: OverheadRow): string {
  const cells = [
    row.entries.toLocaleString('en'),
    row.flows.toLocaleString('en'),
    row.newPerSecond.toLocaleString('en'),
    `${row.percent.toFixed(1)} %`,
    `${row.megabytes.toFixed(0)} MB`,
    `${row.peakMegabytes.toFixed(0)} MB`,
    (row.ledgerBytes / Math.max(1, row.flows)).toFixed(0),
    `${row.resyncSeconds.toFixed(2)} s`,
    `${row.everySeconds.toFixed(0)} s`,
    String(row.overruns),
  ];
  return `| ${cells.join(' | ')} |`;
}
