import { describe, expect, it } from 'vitest';
import type { PortRange } from '../model/port-range.ts';
import { PortSet } from '../model/port-set.ts';
import { TCP, UDP } from '../model/protocol.ts';
import { dropProbability } from './drop-probability.ts';
import { eraBehaviour } from './kernel-era.ts';
import { NatAllocator } from './nat/nat-allocator.ts';
import { poolDropProbability } from './pool-drop-probability.ts';
import { partsBySize } from './capacity/port-pool.ts';
import { seededRandom } from './seeded-random.ts';

const OLD = eraBehaviour('5.0');
const LOW: PortRange = { first: 1024, last: 1423 };
const HIGH: PortRange = { first: 40_000, last: 40_199 };

function setOf(range: PortRange): PortSet {
  const set = new PortSet();
  for (let port = range.first; port <= range.last; port += 1) set.add(port);
  return set;
}

describe('poolDropProbability', () => {
  it('is the drop probability of the only part', () => {
    const occupied = setOf({ first: HIGH.first, last: HIGH.last - 1 });
    const search = { occupied, evictable: new PortSet(), range: HIGH, protocol: UDP, behaviour: OLD };
    const alone = poolDropProbability({ parts: [{ ...search, share: 1 }], protocol: UDP, behaviour: OLD });
    expect(alone).toBe(dropProbability(search));
    expect(alone).toBeGreaterThan(0);
  });

  it('is the share of the full parts when the others are empty: nothing falls back', () => {
    const occupied = setOf(HIGH);
    const parts = partsBySize([LOW, HIGH]).map((part) => ({ ...part, occupied, evictable: new PortSet() }));
    expect(poolDropProbability({ parts, protocol: UDP, behaviour: OLD })).toBeCloseTo(1 / 3, 12);
  });

  it('knows each address by its own ports, and closing ones for TCP', () => {
    const full = { occupied: setOf(HIGH), evictable: setOf(HIGH), range: HIGH };
    const empty = { occupied: new PortSet(), evictable: new PortSet(), range: HIGH };
    const parts = [full, full, full, empty].map((held) => ({ ...held, share: 0.25 }));
    expect(poolDropProbability({ parts, protocol: UDP, behaviour: eraBehaviour('6.5') })).toBe(0.75);
    expect(poolDropProbability({ parts, protocol: TCP, behaviour: eraBehaviour('6.5') })).toBeLessThan(1e-30);
  });

  it('is what a rule over two parts and two addresses drops', () => {
    const nat = new NatAllocator(OLD, seededRandom(13));
    const parts = partsBySize([LOW, HIGH]);
    const rule = { parts, random: 'random-fully', addresses: 2, addressChoice: 'random' } as const;
    const remote = { protocol: UDP, remote: 1, remotePort: 53 };
    for (let source = 0; nat.entries < 1185; source += 1) nat.allocate({ ...remote, source, sourcePort: 9 }, rule);
    const held = [0, 1].flatMap((address) =>
      parts.map(({ range, share }) => ({ range, share: share / 2, ...nat.portsOf({ ...remote, address }) })),
    );
    const exact = poolDropProbability({ parts: held, protocol: UDP, behaviour: OLD });
    let dropped = 0;
    for (let source = 0; source < 20_000; source += 1) {
      const { entry } = nat.allocate({ ...remote, source, sourcePort: 10 }, rule);
      if (entry < 0) dropped += 1;
      else nat.release(entry);
    }
    expect(exact).toBeGreaterThan(0.1);
    // Five standard errors: a fair draw passes all but 6 times in 10 million.
    expect(Math.abs(dropped / 20_000 - exact)).toBeLessThan(5 * Math.sqrt((exact * (1 - exact)) / 20_000));
  });
});
