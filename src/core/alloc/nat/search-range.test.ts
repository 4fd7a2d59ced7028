import { describe, expect, it } from 'vitest';
import { rangeSize } from '../../model/port-range.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../../model/protocol.ts';
import { eraBehaviour } from '../kernel-era.ts';
import { searchRange } from './search-range.ts';

const NEW = eraBehaviour('6.5');

describe('searchRange', () => {
  it.each([
    [0, 1, 511, 511],
    [511, 1, 511, 511],
    [512, 600, 1023, 424],
    [1023, 600, 1023, 424],
    [1024, 1024, 65_535, 64_512],
    [65_535, 1024, 65_535, 64_512],
  ])('keeps source port %d in its class %d-%d: %d ports', (sourcePort, first, last, size) => {
    for (const protocol of [TCP, UDP, SCTP]) {
      const range = searchRange({ protocol, sourcePort, range: undefined, behaviour: NEW });
      expect(range).toEqual({ first, last });
      expect(range && rangeSize(range)).toBe(size);
    }
  });

  it('takes the range of the rule for whatever has ports, and echo identifiers from 0', () => {
    const range = { first: 5000, last: 6000 };
    expect(searchRange({ protocol: TCP, sourcePort: 80, range, behaviour: NEW })).toEqual(range);
    expect(searchRange({ protocol: ICMP, sourcePort: 80, range, behaviour: NEW })).toEqual(range);
    for (const protocol of [ICMP, ICMPV6]) {
      const wanted = { protocol, sourcePort: 80, range: undefined };
      expect(searchRange({ ...wanted, behaviour: NEW })).toEqual({ first: 0, last: 65_535 });
      expect(searchRange({ ...wanted, behaviour: eraBehaviour('4.x') })).toEqual({ first: 0, last: 65_534 });
    }
  });

  it('changes nothing of a protocol without ports', () => {
    expect(searchRange({ protocol: 50, sourcePort: 0, range: undefined, behaviour: NEW })).toBeUndefined();
    expect(searchRange({ protocol: 47, sourcePort: 0, range: { first: 1, last: 9 }, behaviour: NEW })).toBeUndefined();
  });
});
