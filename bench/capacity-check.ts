// Simulates sizes that are not in the capacity table and prints what the tests of its interpolation are held to:
//   node dist/bench/capacity-check.js PATTERN [SIZE...]
import { CURVE_KINDS } from '../src/core/alloc/capacity/capacity-curve.ts';
import { COLUMN_DROPS } from '../src/core/alloc/capacity/capacity-row.ts';
import { conserved, flowsAt } from './capacity/curve-inverse.ts';
import { measureCurve } from './capacity/measured-curve.ts';

/** Between the table's rows, where its curve bends. */
const BETWEEN = [
  230, 3500, 5900, 9600, 13_700, 18_700, 25_500, 29_500, 34_000, 39_200, 47_300, 53_900, 59_000, 62_000, 64_000,
];

const [name, ...sizes] = process.argv.slice(2);
const kind = CURVE_KINDS.find((one) => one === name);
if (kind === undefined)
  throw new RangeError(`Cannot simulate: pattern ${name}, wanted one of ${CURVE_KINDS.join(', ')}`);
const scale = kind === 'accumulating' ? 'logarithm' : 'overload';
for (const size of sizes.length > 0 ? sizes.map(Number) : BETWEEN) {
  const flows = flowsAt(measureCurve(kind, size), COLUMN_DROPS, scale);
  const row = (kind === 'accumulating' ? flows : conserved(flows, { size, drops: COLUMN_DROPS })).map(Math.round);
  process.stdout.write(`  [${[size, ...row].join(', ')}],\n`);
}
