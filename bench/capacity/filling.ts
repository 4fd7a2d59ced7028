// A range that only fills: the drop probability after each flow more, mean of several fills.
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { PortField } from './port-field.ts';

/** Where a fill is looked at, in shares of the range: densely where it matters. */
function marks(size: number): readonly number[] {
  const shares = Array.from({ length: 320 }, (_, index) => 1 - 0.75 * (1 - index / 319) ** 1.5);
  return [...new Set(shares.map((share) => Math.floor(share * size)))];
}

/** Flows held and the mean drop probability then, ascending; the last one is the full range. */
export function fillCurve(
  size: number,
  { fills, seed }: { readonly fills: number; readonly seed: number },
): readonly (readonly [held: number, drop: number])[] {
  const held = marks(size);
  const totals = held.map(() => 0);
  for (let fill = 0; fill < fills; fill += 1) {
    const field = new PortField(size, seededRandom(seed + fill * 7919));
    let count = 0;
    held.forEach((mark, index) => {
      while (count < mark) {
        const port = field.find();
        if (port < 0) continue;
        field.add(port);
        count += 1;
      }
      totals[index] = (totals[index] ?? 0) + field.drop();
    });
  }
  return held.map((mark, index) => [mark, (totals[index] ?? 0) / fills]);
}
