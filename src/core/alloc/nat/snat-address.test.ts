import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { hashedAddress } from './snat-address.ts';

/** An IPv4 address as a little-endian node reads it from a packet. */
function asRead([a, b, c, d]: readonly [number, number, number, number]): number {
  return ((d << 24) | (c << 16) | (b << 8) | a) >>> 0;
}

const REMOTES = [1, 2, 3, 77, 200] as const;

describe('hashedAddress', () => {
  // What Linux 6.18.44 chose for UDP from 192.168.7.x to 203.0.113.y under `snat to 10.9.0.1-10.9.0.5`, the last digit less one.
  it.each([
    [1, [1, 3, 2, 4, 1], 4],
    [2, [4, 2, 3, 4, 4], 4],
    [3, [2, 1, 4, 4, 3], 1],
    [4, [4, 1, 3, 0, 4], 4],
    [5, [3, 4, 2, 3, 4], 1],
    [6, [3, 2, 3, 3, 2], 4],
  ] as const)('is the choice of the kernel for 192.168.7.%d', (last, hashed, persistent) => {
    const source = asRead([192, 168, 7, last]);
    const remotes = REMOTES.map((digit) => asRead([203, 0, 113, digit]));
    expect(remotes.map((remote) => hashedAddress({ source, remote }, { addresses: 5, choice: 'hash' }))).toEqual(
      hashed,
    );
    for (const remote of remotes) {
      expect(hashedAddress({ source, remote }, { addresses: 5, choice: 'persistent' })).toBe(persistent);
    }
  });

  it('spreads small numbers evenly: 4 addresses, 4000 pairs', () => {
    const counts = [0, 0, 0, 0];
    for (let source = 0; source < 200; source += 1) {
      for (let remote = 0; remote < 20; remote += 1) {
        const address = hashedAddress({ source, remote }, { addresses: 4, choice: 'hash' });
        counts[address] = (counts[address] ?? 0) + 1;
      }
    }
    // Deterministic; a fair draw would pass this chi-square bound (3 degrees of freedom) but once in 100,000.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(25.9);
  });

  it('has one answer for one address', () => {
    const random = seededRandom(1);
    for (let flow = 0; flow < 100; flow += 1) {
      const pair = { source: Math.floor(random() * 2 ** 32), remote: Math.floor(random() * 2 ** 32) };
      expect(hashedAddress(pair, { addresses: 1, choice: 'hash' })).toBe(0);
    }
  });
});
