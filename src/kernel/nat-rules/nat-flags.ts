// NF_NAT_RANGE_* (include/uapi/linux/netfilter/nf_nat.h): what a NAT rule's flags mean.
import type { NatRandom } from '../../core/model/nat-rule.ts';

export const PROTO_SPECIFIED = 0x2;
const PROTO_RANDOM = 0x4;
const PROTO_RANDOM_FULLY = 0x10;

/** Which source ports the kernel is told to draw at random. */
export function randomOf(flags: number): NatRandom {
  if ((flags & PROTO_RANDOM_FULLY) !== 0) return 'random-fully';
  return (flags & PROTO_RANDOM) !== 0 ? 'random' : 'none';
}
