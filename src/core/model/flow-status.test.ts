import { describe, expect, it } from 'vitest';
import { ASSURED, DST_NAT, FIXED_TIMEOUT, OFFLOADED, packStatus, SEEN_REPLY, SRC_NAT } from './flow-status.ts';

describe('packStatus', () => {
  it.each([
    [0x198, SRC_NAT],
    [0x2, SEEN_REPLY],
    [0x4, ASSURED],
    [0x20, DST_NAT],
    [0x400, FIXED_TIMEOUT],
    [0x4000, OFFLOADED],
    [0x8000, OFFLOADED],
    [0x18e | 0x10, SRC_NAT | SEEN_REPLY | ASSURED],
  ])('keeps what matters of IPS %x', (ips, packed) => expect(packStatus(ips)).toBe(packed));
});
