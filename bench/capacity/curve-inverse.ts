// Reads the flows at a given drop probability off a measured curve.
import type { Curve } from './measured-curve.ts';
import { rising } from './monotone.ts';

/** Flows at each of the drop probabilities; where more is lost even with the fewest flows measured, those that lose nothing. */
export function flowsAt(curve: Curve, drops: readonly number[], scale: 'overload' | 'logarithm'): readonly number[] {
  const measured = curve.filter(([, drop]) => drop > 0);
  const lossless = curve.findLast(([, drop]) => drop === 0)?.[0] ?? 0;
  const logs = rising(measured.map(([, drop]) => Math.log(drop)));
  const points = measured.map(([flows], index) => [flows, Math.exp(logs[index] ?? 0)] as const);
  return drops.map((drop) => {
    const position = scale === 'overload' && drop > 0.01 ? (chance: number) => 1 / (1 - chance) : Math.log;
    const upper = points.findIndex(([, chance]) => chance >= drop);
    const [above, below] = [points[upper], points[upper - 1]];
    if (above === undefined) return overloaded(points.at(-1), drop);
    if (below === undefined) return lossless;
    const span = position(above[1]) - position(below[1]);
    const weight = span === 0 ? 0 : (position(drop) - position(below[1])) / span;
    return below[0] + weight * (above[0] - below[0]);
  });
}

/** Beyond the last point flows are lost in proportion: those that get a port are as many as before. */
function overloaded(last: readonly [number, number] | undefined, drop: number): number {
  return last === undefined ? 0 : (last[0] * (1 - last[1])) / (1 - drop);
}

/**
 * Flows at each drop probability, brought within what must hold: those that get a port are never more than the ports, and never
 * fewer under a higher load. Only overload is touched, where a run loses so many that its own scatter shows.
 */
export function conserved(
  flows: readonly number[],
  { size, drops }: { readonly size: number; readonly drops: readonly number[] },
): readonly number[] {
  let held = 0;
  return flows.map((offered, column) => {
    const passing = 1 - (drops[column] ?? 0);
    if (passing > 0.95) return offered;
    held = Math.min(Math.max(offered * passing, held), size);
    return held / passing;
  });
}
