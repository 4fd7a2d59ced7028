// The port spaces that get no row: all are counted, and how full the fullest of them is.
import { capacityOf } from './chart-spaces.ts';
import type { NodeContext } from './check-context.ts';
import type { PortSpaceVerdict, QuietSpaces } from './diagnosis.ts';
import { shareOf } from './verdict.ts';

/** Counts every port space that is not among the rows; charted ones by their ports, the others by their flows. */
export function countQuiet(
  { facts, ranges }: NodeContext,
  charted: { readonly rows: readonly PortSpaceVerdict[]; readonly verdicts: readonly PortSpaceVerdict[] },
): QuietSpaces {
  const shown = new Set(charted.rows.map(({ portSpace }) => portSpace.index));
  const exact = new Map(charted.verdicts.map((verdict) => [verdict.portSpace.index, shareOf(verdict)]));
  const { protocol, flows } = facts.flows.portSpaces;
  const capacities = new Map<number, number>();
  let highestShare = 0;
  for (let row = 0; row < facts.flows.portSpaceCount; row += 1) {
    if (shown.has(row)) continue;
    const number = protocol[row] ?? 0;
    const capacity = capacities.get(number) ?? capacityOf(ranges, number);
    capacities.set(number, capacity);
    highestShare = Math.max(highestShare, exact.get(row) ?? (flows[row] ?? 0) / capacity);
  }
  return { count: facts.flows.portSpaceCount - shown.size, highestShare };
}
