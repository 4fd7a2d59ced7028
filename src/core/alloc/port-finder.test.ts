import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortRange } from '../model/port-range.ts';
import { PortSet } from '../model/port-set.ts';
import { ICMP, TCP, UDP } from '../model/protocol.ts';
import { eraBehaviour, KERNEL_ERAS } from './kernel-era.ts';
import { createPortFinder } from './port-finder.ts';
import { type Random, searchPort } from './reference-search.ts';
import { seededRandom } from './seeded-random.ts';

const CALICO: PortRange = { first: 32_768, last: 65_535 };
const EMPTY = new PortSet();

function fullSet(range: PortRange): PortSet {
  const set = new PortSet();
  for (let port = range.first; port <= range.last; port += 1) set.add(port);
  return set;
}

/** Runs of occupied ports with gaps, so that windows fail at all lengths; a share of the occupied ones is evictable. */
function clustered(range: PortRange, { gap, run, closing }: Record<'gap' | 'run' | 'closing', number>, random: Random) {
  const [occupied, evictable] = [new PortSet(), new PortSet()];
  let left = 0;
  let isOccupied = false;
  for (let port = range.first; port <= range.last; port += 1, left -= 1) {
    if (left <= 0) {
      isOccupied = !isOccupied;
      left = 1 + Math.floor(random() * (isOccupied ? run : gap));
    }
    if (!isOccupied) continue;
    occupied.add(port);
    if (random() < closing) evictable.add(port);
  }
  return { occupied, evictable };
}

const shapes = fc.record({
  size: fc.oneof(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 100, max: 300 }),
    fc.integer({ min: 300, max: 65_536 }),
  ),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  gap: fc.constantFrom(1, 2, 5, 40),
  run: fc.constantFrom(1, 10, 200, 5000),
  closing: fc.constantFrom(0, 0.02, 0.5, 1),
  seed: fc.integer(),
});

describe('createPortFinder', () => {
  it.each(KERNEL_ERAS)('does what the candidate-by-candidate search does with the same numbers: %s', (era) => {
    const behaviour = eraBehaviour(era);
    fc.assert(
      fc.property(shapes, fc.constantFrom(TCP, UDP), ({ size, place, seed, ...shape }, protocol) => {
        const first = Math.floor(place * (65_536 - size));
        const range = { first, last: first + size - 1 };
        const sets = clustered(range, shape, seededRandom(seed));
        const [left, right] = [seededRandom(seed + 1), seededRandom(seed + 1)];
        const finder = createPortFinder(behaviour, left);
        for (let search = 0; search < 20; search += 1) {
          const port = finder.find(sets.occupied, sets.evictable, range, protocol);
          const expected = searchPort({ ...sets, range, protocol, behaviour }, right);
          const { found, evicted } = finder;
          expect({ port, found, evicted }).toEqual({ ...expected, port: expected.port ?? -1 });
        }
        expect(left()).toBe(right());
      }),
      { seed: 101, numRuns: 400 },
    );
  });

  it.each([
    { era: '5.0', protocol: UDP, found: 248 },
    { era: '5.0', protocol: TCP, found: 248 },
    { era: '6.5', protocol: UDP, found: 248 },
    { era: '6.5', protocol: TCP, found: 128 },
    { era: '4.x', protocol: TCP, found: 32_767 },
  ] as const)('gives up after $found occupied candidates: $era, protocol $protocol', ({ era, protocol, found }) => {
    const finder = createPortFinder(eraBehaviour(era), seededRandom(3));
    expect(finder.find(fullSet(CALICO), EMPTY, CALICO, protocol)).toBe(-1);
    expect(finder.found).toBe(found);
  });

  it('takes a closing entry over after 96 candidates, and none that the new SYN is not ahead of', () => {
    const full = fullSet(CALICO);
    const willing = createPortFinder(eraBehaviour('6.5'), seededRandom(5), { isAhead: () => true });
    expect(willing.find(full, full, CALICO, TCP)).toBeGreaterThanOrEqual(CALICO.first);
    expect(willing).toMatchObject({ found: 96, evicted: true });
    expect(willing.find(full, full, CALICO, UDP)).toBe(-1);
    expect(willing.evicted).toBe(false);
    const behind: number[] = [];
    const refused = createPortFinder(eraBehaviour('6.5'), seededRandom(5), {
      isAhead: (port) => behind.push(port) === 0,
    });
    expect(refused.find(full, full, CALICO, TCP)).toBe(-1);
    expect(behind).toHaveLength(120);
  });

  it('always finds the one free port of a range up to 128 where the counter does not wrap', () => {
    for (let size = 1; size <= 128; size += 1) {
      const range = { first: 40_000, last: 40_000 + size - 1 };
      const occupied = fullSet(range);
      occupied.delete(40_000 + (size >> 1));
      const finder = createPortFinder(eraBehaviour('5.0'), () => 0.25 + size / 1000);
      expect(finder.find(occupied, EMPTY, range, UDP)).toBe(40_000 + (size >> 1));
    }
  });
});

describe('the starts of Linux 4.x', () => {
  const range = { first: 40_000, last: 40_099 };
  const fourX = eraBehaviour('4.x');

  it('goes on where the last search of the protocol ended when no flag is set', () => {
    const occupied = new PortSet();
    const finder = createPortFinder(fourX, seededRandom(7), { flags: 'none' });
    for (let flow = 0; flow < 10; flow += 1) {
      const port = finder.find(occupied, EMPTY, range, TCP);
      expect(port).toBe(40_000 + flow);
      expect(finder.found).toBe(flow === 0 ? 0 : 1);
      occupied.add(port);
    }
    expect(finder.find(new PortSet(), EMPTY, range, TCP)).toBe(40_009);
    expect(finder.find(occupied, EMPTY, range, UDP)).toBe(40_010);
    expect(finder.find(new PortSet(), EMPTY, range, UDP)).toBe(40_010);
  });

  it('starts every flow of a port space at one place for random, and ICMP nowhere else than after the last', () => {
    const finder = createPortFinder(fourX, seededRandom(9), { flags: 'random' });
    const [one, other] = [new PortSet(), new PortSet()];
    const start = finder.find(one, EMPTY, range, TCP);
    one.add(start);
    expect(finder.find(one, EMPTY, range, TCP)).toBe(start === 40_099 ? 40_000 : start + 1);
    expect(finder.find(other, EMPTY, range, TCP)).not.toBe(start);
    expect(finder.find(new PortSet(), EMPTY, range, ICMP)).toBe(40_000);
  });

  it('starts anywhere for random-fully', () => {
    const finder = createPortFinder(fourX, seededRandom(11));
    const ports = new Set<number>();
    for (let search = 0; search < 2000; search += 1) ports.add(finder.find(new PortSet(), EMPTY, range, TCP));
    expect(ports.size).toBe(100);
  });

  it('misses ports when the counter wraps: a range of 100 with one port free', () => {
    const occupied = fullSet(range);
    occupied.delete(40_099);
    // 65,500 is port 40,000; after port 40,035 the counter begins again at 40,000 and ends at 40,063.
    const finder = createPortFinder(fourX, () => 65_500 / 65_536);
    expect(finder.find(occupied, EMPTY, range, TCP)).toBe(-1);
    expect(finder.found).toBe(99);
    occupied.delete(40_063);
    expect(finder.find(occupied, EMPTY, range, TCP)).toBe(40_063);
    expect(finder.found).toBe(99);
  });
});
