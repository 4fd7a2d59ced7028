// Where single flows land in an empty port space: the start of a search is u16 modulo range size, which favours low ports.
import { type PortRange, rangeSize } from '../../../src/core/model/port-range.ts';
import { STARTS } from '../../../src/core/alloc/port-search.ts';
import { flowTo, UDP_SPACE } from '../many-flows.ts';
import type { NatNode } from '../nat-node.ts';

export const BINS = 16;

/** How many of `flows`, each alone in the port space, lie in each sixteenth of the range. */
export function countPorts(node: NatNode, range: PortRange, flows: number): readonly number[] {
  const counts = emptyBins();
  for (let id = 0; id < flows; id += 1) {
    const flow = flowTo(UDP_SPACE, id);
    node.open(flow);
    const bin = binOf((node.translated(flow)?.port ?? -1) - range.first, range);
    counts[bin] = (counts[bin] ?? 0) + 1;
    node.close(flow);
  }
  return counts;
}

/** What u16 modulo range size makes of it. */
export function biasedShares(range: PortRange): readonly number[] {
  const shares = emptyBins();
  for (let start = 0; start < STARTS; start += 1) {
    const bin = binOf(start % rangeSize(range), range);
    shares[bin] = (shares[bin] ?? 0) + 1 / STARTS;
  }
  return shares;
}

/** What a start drawn evenly from the range would make of it: the belief that the test must be able to refuse. */
export function evenShares(range: PortRange): readonly number[] {
  const shares = emptyBins();
  for (let offset = 0; offset < rangeSize(range); offset += 1) {
    const bin = binOf(offset, range);
    shares[bin] = (shares[bin] ?? 0) + 1 / rangeSize(range);
  }
  return shares;
}

function emptyBins(): number[] {
  return Array.from({ length: BINS }, () => 0);
}

function binOf(offset: number, range: PortRange): number {
  return Math.floor((offset * BINS) / rangeSize(range));
}
