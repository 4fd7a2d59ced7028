// Linux 4.x: as many candidates as the range has ports, so a search fails when every port is taken, and hardly ever before.
// Source: nf_nat_l4proto_unique_tuple in net/netfilter/nf_nat_proto_common.c.
import { type PortRange, rangeSize } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { windowMissShares } from './window-search.ts';

/**
 * Chance that every candidate of the scan is occupied, 0..1, for a random start.
 *
 * The offset wraps after 65,535: where the range size does not divide 65,536, a scan that starts shortly before sees some ports
 * twice and misses others, and so may fail in a range that is not quite full.
 */
export function fullScanDrop(occupied: PortSet, range: PortRange): number {
  const [share] = windowMissShares({ occupied, range }, [rangeSize(range)]);
  return share ?? 0;
}
