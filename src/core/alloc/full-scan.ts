// Linux 4.x: the whole range is scanned, so a search fails only when every port is taken.
// Source: nf_nat_l4proto_unique_tuple in net/netfilter/nf_nat_proto_common.c.
import { type PortRange, rangeSize } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';

/** 1 when every port of the range is occupied, else 0. */
export function fullScanDrop(occupied: PortSet, range: PortRange): 0 | 1 {
  return occupied.count(range) === rangeSize(range) ? 1 : 0;
}
