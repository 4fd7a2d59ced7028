import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortSet } from '../model/port-set.ts';
import type { PortRange } from '../model/port-range.ts';
import { TCP, UDP } from '../model/protocol.ts';
import { dropProbability } from './drop-probability.ts';
import { createPortFinder } from './port-finder.ts';
import type { PortSearch, SearchBehaviour } from './port-search.ts';
import { searchWindows } from './port-search.ts';
import { type Random, searchPort } from './reference-search.ts';
import { seededRandom } from './seeded-random.ts';
import { windowMissShares } from './window-search.ts';

const OLD: SearchBehaviour = { evictsClosing: 'no', search: 'windows' };
const NEW: SearchBehaviour = { evictsClosing: 'yes', search: 'windows' };
const FOUR_X: SearchBehaviour = { evictsClosing: 'no', search: 'full-scan' };
const CALICO: PortRange = { first: 32_768, last: 65_535 };

function searchOf(range: PortRange, options: { protocol?: number; behaviour?: SearchBehaviour } = {}): PortSearch {
  const { protocol = UDP, behaviour = OLD } = options;
  return { occupied: new PortSet(), evictable: new PortSet(), range, protocol, behaviour };
}

function occupyRandomly(search: PortSearch, count: number, random: Random): void {
  const { first, last } = search.range;
  for (let left = count; left > 0; ) {
    const port = first + Math.floor(random() * (last - first + 1));
    if (search.occupied.has(port)) continue;
    search.occupied.add(port);
    left -= 1;
  }
}

function fillTo(search: PortSearch, count: number, random: Random): void {
  const finder = createPortFinder(search.behaviour, random);
  for (let held = search.occupied.count(search.range); held < count; ) {
    const port = finder.find(search.occupied, search.evictable, search.range, search.protocol);
    if (port < 0) continue;
    search.occupied.add(port);
    held += 1;
  }
}

function simulatedDrop(search: PortSearch, searches: number, random: Random): number {
  let dropped = 0;
  for (let run = 0; run < searches; run += 1) if (searchPort(search, random).port === undefined) dropped += 1;
  return dropped / searches;
}

/** Five standard errors of a share measured in `searches` tries, and never less than five tries' worth. */
function bound(share: number, searches: number): number {
  return 5 * Math.sqrt((share * (1 - share)) / searches) + 5 / searches;
}

describe('searchWindows', () => {
  it('halves from 128 to 8, or scans a small range once', () => {
    expect(searchWindows(32_768)).toEqual([128, 64, 32, 16, 8]);
    expect(searchWindows(129)).toEqual([128, 64, 32, 16, 8]);
    expect(searchWindows(128)).toEqual([128]);
    expect(searchWindows(1)).toEqual([1]);
  });
});

describe('dropProbability', () => {
  it.each([
    { name: '32768 ports, windows', range: CALICO, behaviour: OLD, protocol: UDP, held: 31_800, closing: 0 },
    {
      name: 'a biased range',
      range: { first: 30_000, last: 65_535 },
      behaviour: OLD,
      protocol: UDP,
      held: 33_500,
      closing: 0,
    },
    { name: '300 ports', range: { first: 40_000, last: 40_299 }, behaviour: OLD, protocol: TCP, held: 295, closing: 0 },
    {
      name: '300 ports, half of them evictable',
      range: { first: 40_000, last: 40_299 },
      behaviour: NEW,
      protocol: TCP,
      held: 300,
      closing: 20,
    },
    {
      name: '100 ports, evicting',
      range: { first: 40_000, last: 40_099 },
      behaviour: NEW,
      protocol: TCP,
      held: 100,
      closing: 6,
    },
    {
      name: 'a range that wraps inside a scan',
      range: { first: 40_000, last: 40_126 },
      behaviour: OLD,
      protocol: UDP,
      held: 127,
      closing: 0,
    },
  ])('equals what the candidate-by-candidate search does: $name', ({ range, behaviour, protocol, held, closing }) => {
    const random = seededRandom(7);
    const search = searchOf(range, { protocol, behaviour });
    fillTo({ ...search, behaviour: FOUR_X }, held, random);
    for (const port of search.occupied)
      if (search.evictable.count() < closing && port % 3 === 0) search.evictable.add(port);
    const exact = dropProbability(search);
    expect(exact).toBeGreaterThan(0.001);
    expect(Math.abs(simulatedDrop(search, 40_000, random) - exact)).toBeLessThanOrEqual(bound(exact, 40_000));
  });

  it.each([
    [0.8, 0.000_001_3, 4],
    [0.85, 0.000_09, 2.5],
    [0.9, 0.002_7, 1.6],
    [0.92, 0.01, 1.5],
    [0.95, 0.054, 1.3],
    [0.97, 0.16, 1.2],
    [0.98, 0.28, 1.15],
    [0.99, 0.49, 1.15],
    [0.995, 0.68, 1.1],
  ])('fills 32,768 ports without a leave as measured: %d -> %d', (share, measured, factor) => {
    const search = searchOf(CALICO);
    fillTo(search, Math.round(share * 32_768), seededRandom(11));
    const exact = dropProbability(search);
    expect(exact).toBeGreaterThan(measured / factor);
    expect(exact).toBeLessThan(measured * factor);
  });

  it.each([
    [0, 7.5e-37, 1.01],
    [0.5, 9e-16, 6],
    [0.8, 2.8e-6, 2],
    [0.9, 2.0e-3, 1.5],
    [0.95, 4.7e-2, 1.2],
    [0.99, 0.55, 1.1],
    [1, 1, 1.001],
  ])('counts live ports only when closing ones are evicted: %d live -> %d', (live, expected, factor) => {
    const search = searchOf(CALICO, { protocol: TCP, behaviour: NEW });
    for (let port = CALICO.first; port <= CALICO.last; port += 1) search.occupied.add(port);
    const random = seededRandom(13);
    for (const port of search.occupied) if (random() >= live) search.evictable.add(port);
    expect(dropProbability(search)).toBeGreaterThan(expected / factor);
    expect(dropProbability(search)).toBeLessThan(expected * factor);
    expect(dropProbability({ ...search, protocol: UDP })).toBe(1);
    expect(dropProbability({ ...search, behaviour: { ...NEW, evictsClosing: 'unknown' } })).toBe(1);
  });

  it('is far above the folklore u^248, because the windows build clusters', () => {
    const search = searchOf(CALICO);
    fillTo(search, Math.round(0.95 * 32_768), seededRandom(17));
    expect(dropProbability(search)).toBeGreaterThan(100 * 0.95 ** 248);
  });

  it('is u^248 where ports are held independently of each other', () => {
    const search = searchOf(CALICO);
    occupyRandomly(search, Math.round(0.98 * 32_768), seededRandom(41));
    expect(dropProbability(search)).toBeGreaterThan(0.98 ** 248 / 1.4);
    expect(dropProbability(search)).toBeLessThan(0.98 ** 248 * 1.4);
  });

  it('fails on 4.x, in a range that divides 65,536, only when it is full', () => {
    const search = searchOf(CALICO, { behaviour: FOUR_X });
    occupyRandomly(search, 32_767, seededRandom(19));
    expect(dropProbability(search)).toBe(0);
    expect(dropProbability({ ...search, behaviour: OLD })).toBeGreaterThan(0.9);
    for (let port = CALICO.first; port <= CALICO.last; port += 1) search.occupied.add(port);
    expect(dropProbability(search)).toBe(1);
  });

  it.each([OLD, FOUR_X])(
    'misses the one free port of 100 from the starts whose scan wraps before it: %o',
    (behaviour) => {
      const search = searchOf({ first: 40_000, last: 40_099 }, { behaviour });
      for (let port = 40_000; port <= 40_098; port += 1) search.occupied.add(port);
      // 65,536 = 655 x 100 + 36: from one of the last 36 offsets the scan is back at the first port before it comes to the last one.
      expect(dropProbability(search)).toBeCloseTo(36 / 65_536, 12);
      const exact = 36 / 65_536;
      expect(Math.abs(simulatedDrop(search, 40_000, seededRandom(47)) - exact)).toBeLessThanOrEqual(
        bound(exact, 40_000),
      );
    },
  );

  it('treats one solid block like independent windows: about u^5', () => {
    const search = searchOf(CALICO);
    for (let port = 32_768; port < 49_152; port += 1) search.occupied.add(port);
    expect(dropProbability(search)).toBeGreaterThan(0.9 * 0.5 ** 5);
    expect(dropProbability(search)).toBeLessThanOrEqual(0.5 ** 5);
  });

  it('never rises when a port becomes free, and never rises when a kernel may evict', () => {
    const cases = fc.tuple(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 0, max: 60_000 }), fc.integer());
    fc.assert(
      fc.property(cases, ([size, first, seed]) => {
        const random = seededRandom(seed);
        const search = searchOf({ first, last: first + size - 1 }, { protocol: TCP });
        occupyRandomly(search, Math.round(size * (0.9 + random() / 10)), random);
        for (const port of search.occupied) if (random() < 0.3) search.evictable.add(port);
        for (const behaviour of [OLD, NEW, FOUR_X]) {
          const before = dropProbability({ ...search, behaviour });
          const freed = {
            ...search,
            behaviour,
            occupied: new PortSet(search.occupied.words.slice()),
            evictable: new PortSet(search.evictable.words.slice()),
          };
          const port = first + Math.floor(random() * size);
          freed.occupied.delete(port);
          freed.evictable.delete(port);
          expect(dropProbability(freed)).toBeLessThanOrEqual(before);
          expect(before).toBeGreaterThanOrEqual(0);
          expect(before).toBeLessThanOrEqual(1);
        }
        const nothingCloses = { ...search, evictable: new PortSet(), behaviour: NEW };
        expect(dropProbability(nothingCloses)).toBeCloseTo(dropProbability(search), 12);
        const old = dropProbability(search);
        expect(dropProbability({ ...search, behaviour: NEW })).toBeLessThanOrEqual(old + 1e-12);
      }),
      { seed: 23, numRuns: 60 },
    );
  });
});

describe('windowMissShares', () => {
  it('counts the starts of a run exactly: L - width + 1 on each lap of the ring', () => {
    const { occupied } = searchOf(CALICO);
    for (let port = 40_000; port < 40_130; port += 1) occupied.add(port);
    const starts = windowMissShares({ occupied, range: CALICO }, [131, 130, 128, 8]).map((share) => share * 65_536);
    expect(starts).toEqual([0, 2, 6, 246]);
  });
});

describe('searchPort', () => {
  it('counts its offset in 16 bits: after 65,535 comes the first port of the range', () => {
    const search = searchOf({ first: 40_000, last: 40_126 });
    search.occupied.add(40_000 + (65_535 % 127));
    expect(searchPort(search, () => 65_535 / 65_536).port).toBe(40_000);
  });

  it('finds 248 ports occupied per failed datagram and 128 per failed SYN on an evicting kernel', () => {
    const search = searchOf(CALICO);
    for (let port = CALICO.first; port <= CALICO.last; port += 1) search.occupied.add(port);
    const random = seededRandom(29);
    expect(searchPort(search, random)).toEqual({ port: undefined, evicted: false, found: 248 });
    expect(searchPort({ ...search, protocol: TCP, behaviour: NEW }, random).found).toBe(128);
    const small = { ...search, range: { first: 40_000, last: 40_031 } };
    expect(searchPort({ ...small, protocol: TCP, behaviour: NEW }, random).found).toBe(0);
  });

  it('finds 96 occupied per connect when every port is closing', () => {
    const search = searchOf({ first: 40_000, last: 40_299 }, { protocol: TCP, behaviour: NEW });
    for (let port = 40_000; port <= 40_299; port += 1) {
      search.occupied.add(port);
      search.evictable.add(port);
    }
    expect(searchPort(search, seededRandom(31))).toMatchObject({ evicted: true, found: 96 });
  });

  it('starts 16384-65535 as biased as the kernel: half of all ports below 32768, not a third', () => {
    const search = searchOf({ first: 16_384, last: 65_535 });
    const random = seededRandom(37);
    let below = 0;
    for (let run = 0; run < 20_000; run += 1) if ((searchPort(search, random).port ?? 0) < 32_768) below += 1;
    expect(Math.abs(below / 20_000 - 0.5)).toBeLessThan(bound(0.5, 20_000));
  });
});
