// The port spaces that were not charted: all are counted, and how full the fullest of them is.
import { capacityOf } from './chart-spaces.ts';
import type { NodeContext } from './check-context.ts';
import type { QuietSpaces } from './diagnosis.ts';

/** Counts every port space without a chart, by its flows. */
export function countQuiet({ facts, ranges, spaces }: NodeContext): QuietSpaces {
  const charted = new Set(spaces.map(({ space }) => space.index));
  const { protocol, flows } = facts.flows.portSpaces;
  const capacities = new Map<number, number>();
  let highestShare = 0;
  for (let row = 0; row < facts.flows.portSpaceCount; row += 1) {
    if (charted.has(row)) continue;
    const number = protocol[row] ?? 0;
    const capacity = capacities.get(number) ?? capacityOf(ranges, number);
    capacities.set(number, capacity);
    highestShare = Math.max(highestShare, (flows[row] ?? 0) / capacity);
  }
  return { count: facts.flows.portSpaceCount - charted.size, highestShare };
}
