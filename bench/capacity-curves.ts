// Simulates how many flows lose what share of new ones, for every range size and hold pattern of the capacity table. Takes most of
// an hour of one core; what is in FILE is kept, so it may be interrupted:
//   node dist/bench/capacity-curves.js FILE [PATTERN...]   then   node dist/bench/capacity-table.js FILE
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { curveSizes } from './capacity/curve-sizes.ts';
import { CURVE_KINDS } from '../src/core/alloc/capacity/capacity-curve.ts';
import { measureCurve } from './capacity/measured-curve.ts';

const [file, ...asked] = process.argv.slice(2);
if (file === undefined) throw new RangeError('Cannot simulate: no file was named, wanted FILE [PATTERN...]');
const known = existsSync(file) ? readFileSync(file, 'utf8') : '';
for (const kind of CURVE_KINDS) {
  if (asked.length > 0 && !asked.includes(kind)) continue;
  for (const size of coarseFirst(curveSizes(kind))) {
    const key = JSON.stringify({ kind, size }).slice(0, -1);
    if (known.includes(`${key},`)) continue;
    const began = performance.now();
    const points = measureCurve(kind, size).map(([flows, drop]) => [
      Number(flows.toFixed(1)),
      Number(drop.toPrecision(4)),
    ]);
    appendFileSync(file, `${key},"points":${JSON.stringify(points)}}\n`);
    process.stdout.write(
      `${kind} ${size}: ${points.length} points, ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
    );
  }
}

/** Every fourth size first, so that an interrupted run still spans all sizes. */
function coarseFirst(sizes: readonly number[]): readonly number[] {
  return [0, 2, 1, 3].flatMap((offset) => sizes.filter((_, index) => index % 4 === offset));
}
