// Shows that equal holds do not settle: P at a constant load, hold after hold, and with some scatter in the hold time.
//   node dist/bench/capacity-ageing.js
import { REFERENCE_CURVES } from './capacity/reference-figures.ts';
import { exponentialHoldDrop, fixedHoldDrop } from './capacity/offered-load.ts';
import { scatteredHoldDrop } from './capacity/scattered-hold.ts';

const SIZE = 32_768;
const SPANS = [
  [2, 5],
  [5, 10],
  [10, 20],
  [20, 40],
  [40, 80],
  [80, 160],
  [160, 320],
] as const;

const spans = SPANS.map(([from, to]) => `${from + 1}-${to}`);
process.stdout.write(`| load | ${spans.join(' | ')} |\n|---|${spans.map(() => '---').join('|')}|\n`);
for (const offered of [29_702, 31_334]) {
  line(
    `${offered} equal holds`,
    SPANS.map(([from, to]) => fixedHoldDrop({ size: SIZE, offered, seed: from, from, to })),
  );
}
for (const scatter of [0.01, 0.1]) {
  line(
    `31334, holds within ${100 * scatter} %`,
    SPANS.slice(0, 6).map(([from, to]) => scatteredHoldDrop({ size: SIZE, offered: 31_334, scatter, from, to })),
  );
}
line(
  '31334 exponential',
  SPANS.slice(0, 4).map(([from, to]) => exponentialHoldDrop({ size: SIZE, offered: 31_334, seed: from, from, to })),
);

process.stdout.write('\nreference 3.3, P at a load: reference; ours in holds 11-30; ours in holds 4-20 (the table)\n');
for (const { pattern, first, points } of REFERENCE_CURVES) {
  if (pattern !== 'fixed') continue;
  const size = 65_536 - first;
  for (const [share, drop] of points.filter(([load]) => load <= 1)) {
    const [longer, usual] = [
      [10, 30],
      [3, 20],
    ].map(([from = 0, to = 0]) => mean((seed) => fixedHoldDrop({ size, offered: share * size, seed, from, to })));
    process.stdout.write(
      `${size} ports at ${share}: ${[drop, longer ?? 0, usual ?? 0].map((chance) => chance.toExponential(1)).join(' ')}\n`,
    );
  }
}

function mean(measure: (seed: number) => number): number {
  return (measure(1) + measure(2) + measure(3)) / 3;
}

function line(what: string, drops: readonly number[]): void {
  process.stdout.write(`| ${what} | ${drops.map((drop) => drop.toExponential(1)).join(' | ')} |\n`);
}
