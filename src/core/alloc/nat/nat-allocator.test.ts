import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PortRange, rangeContains } from '../../model/port-range.ts';
import { ICMP, TCP, UDP } from '../../model/protocol.ts';
import { eraBehaviour, KERNEL_ERAS, type KernelEra } from '../kernel-era.ts';
import { NatAllocator, type NatAllocatorOptions } from './nat-allocator.ts';
import type { Allocation, NatTranslation, NewFlow } from './nat-translation.ts';
import { partsBySize } from '../capacity/port-pool.ts';
import { seededRandom } from '../seeded-random.ts';

const CALICO: PortRange = { first: 32_768, last: 65_535 };
const SMALL: PortRange = { first: 40_000, last: 40_099 };
const POD = 10;
const REMOTE = { remote: 500, remotePort: 443 };
const ESP = 50;

function allocator(era: KernelEra = '6.5', options: NatAllocatorOptions = {}): NatAllocator {
  return new NatAllocator(eraBehaviour(era), seededRandom(71), options);
}

function rule(options: { range?: PortRange } & Partial<NatTranslation> = {}): NatTranslation {
  const { range, ...rest } = options;
  const parts = range && partsBySize([range]);
  return { parts, random: 'none', addresses: 1, addressChoice: 'hash', ...rest };
}

function flow(options: Partial<NewFlow> = {}): NewFlow {
  return { protocol: TCP, source: POD, sourcePort: 50_000, ...REMOTE, ...options };
}

/** Flows from one source port each, one pod after the other. */
function openMany(
  nat: NatAllocator,
  { count, like, by }: { count: number; like?: Partial<NewFlow>; by: NatTranslation },
) {
  const opened: Allocation[] = [];
  for (let source = 0; source < count; source += 1) opened.push(nat.allocate(flow({ ...like, source }), by));
  return opened;
}

const ERAS = KERNEL_ERAS.map((era) => [era] as const);

describe('a rule without flags', () => {
  it.each(ERAS)('keeps a free source port, inside the range if there is one: %s', (era) => {
    for (const range of [undefined, CALICO]) {
      const kept = allocator(era).allocate(flow(), range ? rule({ range }) : rule());
      expect(kept).toMatchObject({ port: 50_000, kept: true, found: 0, dropped: false, address: 0 });
    }
    expect(allocator(era).allocate(flow({ sourcePort: 900 }), rule())).toMatchObject({ port: 900, kept: true });
  });

  it('searches for a source port outside the range, without a look at it', () => {
    const nat = allocator();
    const moved = nat.allocate(flow(), rule({ range: SMALL }));
    expect(moved).toMatchObject({ kept: false, found: 0 });
    expect(rangeContains(SMALL, moved.port)).toBe(true);
  });

  it('counts its own taken port once and then searches', () => {
    const nat = allocator();
    nat.allocate(flow(), rule());
    const second = nat.allocate(flow({ source: 11 }), rule());
    expect(second).toMatchObject({ kept: false, found: 1, dropped: false });
    expect(second.port).not.toBe(50_000);
  });

  it.each([
    [100, 1, 511],
    [700, 600, 1023],
    [5000, 1024, 65_535],
  ])('moves source port %d within its class %d-%d when it is taken', (sourcePort, first, last) => {
    const nat = allocator();
    const ports = openMany(nat, { count: 300, like: { sourcePort }, by: rule() }).map(({ port }) => port);
    expect(new Set(ports).size).toBe(300);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(first);
    expect(Math.max(...ports)).toBeLessThanOrEqual(last);
  });

  it('gives all of 1-511 and of 600-1023, and then gives up', () => {
    for (const [sourcePort, size] of [
      [80, 511],
      [1000, 424],
    ] as const) {
      const nat = allocator('4.x');
      const by = rule({ random: 'random-fully' });
      const like = { sourcePort, protocol: UDP };
      for (let source = 0; nat.entries < size && source < 20 * size; source += 1) {
        nat.allocate(flow({ ...like, source }), by);
      }
      expect(nat.entries).toBe(size);
      expect(nat.allocate(flow({ ...like, source: 99_999 }), by)).toMatchObject({ dropped: true, port: -1, entry: -1 });
    }
  });

  it('keeps one mapping of a source port towards all remotes', () => {
    const nat = allocator();
    nat.allocate(flow({ source: 11 }), rule());
    const first = nat.allocate(flow(), rule());
    expect(first.kept).toBe(false);
    for (let remote = 600; remote < 620; remote += 1) {
      expect(nat.allocate(flow({ remote }), rule())).toMatchObject({ port: first.port, kept: true, found: 0 });
    }
  });

  it('leaves the mapping when the remote has that port already, and takes the newest that the rule allows', () => {
    const nat = allocator();
    const searched = nat.allocate(flow(), rule({ range: SMALL }));
    nat.hold({ protocol: TCP, address: 0, port: searched.port, remote: 600, remotePort: 1 });
    const other = nat.allocate(flow({ remote: 600, remotePort: 1 }), rule({ range: SMALL }));
    expect(other.kept).toBe(false);
    expect(other.found).toBeGreaterThanOrEqual(1);
    expect(nat.allocate(flow({ remote: 601 }), rule({ range: SMALL })).port).toBe(other.port);
    const narrow = { first: searched.port, last: searched.port };
    expect(nat.allocate(flow({ remote: 602 }), rule({ range: narrow }))).toMatchObject({
      port: searched.port,
      kept: true,
    });
    nat.release(other.entry);
    expect(nat.allocate(flow({ remote: 603 }), rule({ range: SMALL })).port).toBe(searched.port);
  });

  it('leaves a mapping on an address that the rule has no longer', () => {
    const nat = allocator();
    const four = rule({ addresses: 4, addressChoice: 'persistent' });
    const sources = [0, 1, 2, 3, 4, 5, 6, 7].map((source) => nat.allocate(flow({ source, remote: source }), four));
    const moved = sources.filter(({ address }) => address > 0);
    expect(moved.length).toBeGreaterThan(0);
    sources.forEach((_, source) => {
      expect(nat.allocate(flow({ source, remote: 700 + source }), rule()).address).toBe(0);
    });
  });

  it('does not look whether a range of one port is free: the packet is dropped without a collision counted', () => {
    const by = rule({ range: { first: 50_000, last: 50_000 } });
    const nat = allocator();
    expect(nat.allocate(flow(), by)).toMatchObject({ port: 50_000, kept: true, dropped: false });
    expect(nat.allocate(flow({ source: 11 }), by)).toMatchObject({ port: 50_000, kept: true, dropped: true, found: 0 });
    expect(nat.allocate(flow({ source: 12, sourcePort: 1 }), by)).toMatchObject({
      port: -1,
      kept: false,
      dropped: true,
    });
    expect(nat.entries).toBe(1);
  });
});

describe('random and random-fully', () => {
  it.each(['random', 'random-fully'] as const)('never keep a port, nor a mapping: %s', (random) => {
    const nat = allocator();
    const by = rule({ range: CALICO, random });
    const opened: Allocation[] = [];
    for (let remote = 0; remote < 50; remote += 1) opened.push(nat.allocate(flow({ remote }), by));
    expect(opened.every(({ kept, found, dropped }) => !kept && found === 0 && !dropped)).toBe(true);
    // 50 draws among 32,768: all alike, or two on the own port, would come once in more than a million runs.
    expect(new Set(opened.map(({ port }) => port)).size).toBeGreaterThan(40);
    expect(opened.filter(({ port }) => port === 50_000).length).toBeLessThan(2);
  });

  it('start every flow of a port space at one place on 4.x with random alone', () => {
    const ports = openMany(allocator('4.x'), { count: 5, by: rule({ range: CALICO, random: 'random' }) });
    const [first = 0, ...more] = ports.map(({ port }) => port);
    expect(more).toEqual([1, 2, 3, 4].map((step) => CALICO.first + ((first - CALICO.first + step) % 32_768)));
  });

  it('go on from the last port of the protocol on 4.x without flags, whatever the port space', () => {
    const nat = allocator('4.x');
    const by = rule({ range: SMALL });
    expect(nat.allocate(flow(), by)).toMatchObject({ port: 40_000, found: 0 });
    expect(nat.allocate(flow({ source: 11 }), by)).toMatchObject({ port: 40_001, found: 1 });
    expect(nat.allocate(flow({ source: 12, remote: 7 }), by)).toMatchObject({ port: 40_001, found: 0 });
    expect(nat.allocate(flow({ source: 13, protocol: UDP }), by)).toMatchObject({ port: 40_000, found: 0 });
  });
});

describe('protocols', () => {
  it('translate echo identifiers from 0 to 65,535', () => {
    const nat = allocator();
    const like = { protocol: ICMP, sourcePort: 7, remotePort: 0 };
    expect(nat.allocate(flow(like), rule())).toMatchObject({ port: 7, kept: true });
    const moved = openMany(nat, { count: 400, like, by: rule() }).filter(({ kept }) => !kept);
    expect(moved.length).toBe(400);
    // 400 draws that all avoid one half of the identifiers would come once in 2^399 runs.
    expect(moved.some(({ port }) => port < 32_768) && moved.some(({ port }) => port >= 32_768)).toBe(true);
  });

  it.each(['none', 'random-fully'] as const)(
    'never change a protocol without ports, so that a clash is a drop: %s',
    (random) => {
      const nat = allocator();
      const esp = { protocol: ESP, sourcePort: 0, remotePort: 0 };
      const by = rule({ random });
      expect(nat.allocate(flow(esp), by)).toMatchObject({ port: 0, kept: true, dropped: false });
      const clash = nat.allocate(flow({ ...esp, source: 11 }), by);
      expect(clash).toMatchObject({ port: 0, kept: true, dropped: true, found: random === 'none' ? 1 : 0 });
      expect(nat.allocate(flow({ ...esp, source: 11, remote: 9 }), by).dropped).toBe(false);
      const inRange = nat.allocate(flow({ ...esp, source: 12 }), rule({ random, range: SMALL }));
      expect(inRange).toMatchObject({ port: 0, kept: true, dropped: true, found: random === 'none' ? 1 : 0 });
    },
  );
});

describe('a full port space', () => {
  it.each([
    { era: '5.0', protocol: UDP, found: 248 },
    { era: '5.0', protocol: TCP, found: 248 },
    { era: '6.12', protocol: UDP, found: 248 },
    { era: '6.12', protocol: TCP, found: 128 },
    { era: '4.x', protocol: UDP, found: 255 },
  ] as const)(
    'is not refused before it is full or the windows are: $era, protocol $protocol',
    ({ era, protocol, found }) => {
      const nat = allocator(era);
      const range = { first: 40_000, last: 40_255 };
      const by = rule({ range, random: 'random-fully' });
      for (let source = 0; nat.entries < 256 && source < 20_000; source += 1)
        nat.allocate(flow({ protocol, source }), by);
      expect(nat.entries).toBe(256);
      expect(nat.allocate(flow({ protocol, source: 99_999 }), by)).toMatchObject({ dropped: true, found });
      expect(nat.entries).toBe(256);
    },
  );

  it.each(ERAS)('gives every port of a range that is a power of two up to 128, without a drop: %s', (era) => {
    for (const size of [1, 2, 32, 64, 128]) {
      const nat = allocator(era);
      const by = rule({ range: { first: 40_000, last: 40_000 + size - 1 }, random: 'random-fully' });
      const opened = openMany(nat, { count: size, like: { protocol: UDP }, by });
      expect(opened.filter(({ dropped }) => dropped)).toHaveLength(0);
      expect(openMany(nat, { count: 1, like: { protocol: UDP, sourcePort: 1 }, by })[0]).toMatchObject({
        dropped: true,
      });
    }
  });

  it('leaves other remotes, addresses and protocols untouched', () => {
    const nat = allocator();
    const by = rule({ range: { first: 40_000, last: 40_000 }, random: 'random' });
    for (const like of [{}, { remote: 501 }, { remotePort: 80 }, { protocol: UDP }]) {
      expect(nat.allocate(flow(like), by)).toMatchObject({ port: 40_000, dropped: false });
    }
    expect(nat.entries).toBe(4);
  });
});

describe('taking over', () => {
  const by = rule({ range: { first: 40_000, last: 40_299 }, random: 'random-fully' });

  /** A range of 300 that is full of closing entries. */
  function closing(era: KernelEra, options: { protocol?: number } & NatAllocatorOptions = {}): NatAllocator {
    const { protocol = TCP, ...rest } = options;
    const nat = allocator(era, rest);
    for (let source = 0; nat.entries < 300 && source < 20_000; source += 1)
      nat.allocate(flow({ protocol, source }), by);
    for (let entry = 0; entry < 300; entry += 1) expect(nat.close(entry)).toBe(true);
    return nat;
  }

  it('finds 96 and then the first closing entry the SYN is ahead of; the old entry is gone', () => {
    const asked: number[] = [];
    const nat = closing('6.5', { isAhead: (entry) => asked.push(entry) === 3 });
    const taken = nat.allocate(flow({ source: 77_777 }), by);
    expect(taken).toMatchObject({ evicted: true, found: 96, dropped: false, evictedEntry: asked[2] });
    expect(asked).toHaveLength(3);
    expect(nat.entries).toBe(300);
    expect(nat.release(taken.evictedEntry)).toBe(false);
    expect(nat.close(taken.evictedEntry)).toBe(false);
    expect(nat.portsOf(space(TCP)).evictable.has(taken.port)).toBe(false);
  });

  it('asks about all 120 candidates before it gives up', () => {
    let asked = 0;
    const nat = closing('6.5', {
      isAhead: () => {
        asked += 1;
        return false;
      },
    });
    expect(nat.allocate(flow({ source: 77_777 }), by)).toMatchObject({ dropped: true, found: 128, evictedEntry: -1 });
    expect(asked).toBe(120);
  });

  it('passes the sequence test half of the time when nobody tells', () => {
    const nat = closing('6.5');
    let first = 0;
    for (let source = 1000; source < 2000; source += 1) {
      const { entry, evicted, port } = nat.allocate(flow({ source }), by);
      expect(evicted).toBe(true);
      nat.close(entry);
      first += port;
    }
    expect(nat.entries).toBe(300);
    // Mean port of 1,000 uniform ones: 40,149.5 with a standard error of 2.7; five of them, 6 in 10 million.
    expect(Math.abs(first / 1000 - 40_149.5)).toBeLessThan(13.7);
  });

  it.each([
    ['5.0', TCP],
    ['4.x', TCP],
    ['6.5', UDP],
  ] as const)('never happens on %s for protocol %d', (era, protocol) => {
    const nat = closing(era, { protocol, isAhead: () => true });
    expect(nat.allocate(flow({ source: 77_777, protocol }), by)).toMatchObject({ dropped: true, evicted: false });
  });

  it('spares what is not translated: inbound connections and the own ports of the node', () => {
    const one = rule({ range: { first: 40_000, last: 40_000 }, random: 'random-fully' });
    const inbound = allocator('6.5', { isAhead: () => true });
    const entry = inbound.hold({ ...space(TCP), port: 40_000 });
    inbound.close(entry);
    expect(inbound.allocate(flow(), one)).toMatchObject({ dropped: true, evicted: false });
    expect(inbound.hold({ ...space(TCP), port: 40_000 })).toBe(-1);
    inbound.release(entry);
    const own = inbound.bind({ ...space(TCP), port: 40_000 });
    expect(own).toMatchObject({ port: 40_000, kept: true });
    inbound.close(own.entry);
    expect(inbound.allocate(flow(), one).dropped).toBe(true);
  });

  it('moves the own port of the node when a pod holds it, counts three looks, and may take that one over later', () => {
    const nat = allocator('6.5', { isAhead: () => true });
    nat.allocate(flow({ sourcePort: 40_000 }), rule());
    const moved = nat.bind({ ...space(TCP), port: 40_000 });
    expect(moved).toMatchObject({ kept: false, dropped: false, found: 3 });
    expect(moved.port).toBeGreaterThanOrEqual(1024);
    nat.close(moved.entry);
    const one = rule({ range: { first: moved.port, last: moved.port }, random: 'random-fully' });
    expect(nat.allocate(flow(), one)).toMatchObject({ evicted: true, evictedEntry: moved.entry, found: 0 });
  });
});

function space(protocol: number): { protocol: number; address: number; remote: number; remotePort: number } {
  return { protocol, address: 0, ...REMOTE };
}

describe('several parts and addresses', () => {
  const parts = [
    { range: { first: 1024, last: 1033 }, share: 0.5 },
    { range: { first: 2048, last: 2057 }, share: 0.3 },
    { range: { first: 4096, last: 4105 }, share: 0.2 },
  ];

  it('draws a part by its share and does not fall back when that one is full', () => {
    const nat = allocator();
    const counts = parts.map(() => 0);
    for (let remote = 0; remote < 4000; remote += 1) {
      const { port } = nat.allocate(flow({ remote }), rule({ parts, random: 'random-fully' }));
      const index = parts.findIndex(({ range }) => rangeContains(range, port));
      counts[index] = (counts[index] ?? 0) + 1;
    }
    // Chi-square with 2 degrees of freedom: beyond 27.6 once in a million runs.
    const expected = [2000, 1200, 800];
    expect(
      counts.reduce((sum, count, index) => sum + (count - (expected[index] ?? 0)) ** 2 / (expected[index] ?? 1), 0),
    ).toBeLessThan(27.6);

    const full = allocator();
    for (let port = 1024; port <= 1033; port += 1) full.hold({ ...space(TCP), port });
    const drops = openMany(full, { count: 12, by: rule({ parts, random: 'random-fully' }) }).filter(
      ({ dropped }) => dropped,
    );
    // Twelve draws without one of the half that is full: 1 in 4096; the seed is fixed.
    expect(drops.length).toBeGreaterThan(0);
    expect(drops.every(({ port }) => port === -1)).toBe(true);
  });

  it('fills the sum of the parts in the end', () => {
    const nat = allocator();
    openMany(nat, { count: 500, by: rule({ parts, random: 'random-fully' }) });
    expect(nat.entries).toBe(30);
  });

  it.each([
    ['hash', 1, 'one pod and one remote stay on one address'],
    ['persistent', 1, 'one pod stays on one address'],
    ['random', 4, 'each flow draws its own'],
  ] as const)('chooses among addresses by %s: %d of 4, %s', (addressChoice, distinct, _why) => {
    const nat = allocator();
    const by = rule({ range: CALICO, random: 'random-fully', addresses: 4, addressChoice });
    const seen = new Set<number>();
    for (let sourcePort = 2000; sourcePort < 2100; sourcePort += 1) {
      seen.add(nat.allocate(flow({ sourcePort }), by).address);
    }
    expect(seen.size).toBe(distinct);
    if (addressChoice === 'random') return;
    for (let remote = 0; remote < 50; remote += 1) seen.add(nat.allocate(flow({ remote }), by).address);
    expect(seen.size).toBe(addressChoice === 'hash' ? 4 : 1);
  });

  it('holds each port once per address: 4 addresses of 100 ports carry 400 flows', () => {
    const nat = allocator();
    openMany(nat, {
      count: 6000,
      by: rule({ range: SMALL, random: 'random-fully', addresses: 4, addressChoice: 'random' }),
    });
    expect(nat.entries).toBe(400);
  });

  it('refuses a rule with an empty list of parts', () => {
    expect(() => allocator().allocate(flow(), rule({ parts: [] }))).toThrow(RangeError);
  });
});

describe('any course of events', () => {
  const step = fc.record({
    kind: fc.constantFrom('open', 'open', 'open', 'close', 'release', 'hold', 'bind'),
    source: fc.integer({ min: 0, max: 3 }),
    sourcePort: fc.constantFrom(80, 700, 40_000, 40_001, 50_000),
    remote: fc.integer({ min: 0, max: 1 }),
    protocol: fc.constantFrom(TCP, UDP, ICMP, ESP),
    pick: fc.nat(),
  });

  it.each(ERAS)('leaves each port with one holder, never over a live one, and counts what it holds: %s', (era) => {
    const rules = fc.record({
      random: fc.constantFrom('none' as const, 'random' as const, 'random-fully' as const),
      range: fc.constantFrom(undefined, SMALL, { first: 40_000, last: 40_003 }, { first: 40_000, last: 40_000 }),
      addresses: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), rules, fc.integer(), (steps, { range, ...rest }, seed) => {
        const nat = new NatAllocator(eraBehaviour(era), seededRandom(seed));
        const by = rule({ ...rest, ...(range && { range }) });
        const held = new Map<number, { key: string; evictable: boolean; protocol: number; translated: boolean }>();
        for (const { kind, pick, ...ids } of steps) {
          const known = [...held.keys()];
          const entry = known[pick % Math.max(known.length, 1)] ?? -1;
          if (kind === 'close') {
            expect(nat.close(entry)).toBe(held.has(entry));
            const state = held.get(entry);
            if (state) state.evictable = state.protocol === TCP && state.translated;
          } else if (kind === 'release') {
            expect(nat.release(entry)).toBe(held.delete(entry));
          } else {
            const tuple = {
              protocol: ids.protocol,
              address: 0,
              port: ids.sourcePort,
              remote: ids.remote,
              remotePort: 1,
            };
            const got =
              kind === 'open'
                ? nat.allocate({ ...ids, remotePort: 1 }, by)
                : kind === 'bind'
                  ? nat.bind(tuple)
                  : { ...tuple, entry: nat.hold(tuple), evicted: false, evictedEntry: -1, dropped: false };
            if (got.evicted) {
              expect(held.get(got.evictedEntry)?.evictable).toBe(true);
              held.delete(got.evictedEntry);
            }
            if (got.entry < 0) continue;
            const key = [ids.protocol, got.address, got.port, ids.remote].join(' ');
            expect([...held.values()].some((other) => other.key === key)).toBe(false);
            const translated = kind === 'open' || (kind === 'bind' && got.port !== ids.sourcePort);
            held.set(got.entry, { key, evictable: false, protocol: ids.protocol, translated });
          }
          expect(nat.entries).toBe(held.size);
        }
        for (const [protocol, remote] of [
          [TCP, 0],
          [TCP, 1],
          [UDP, 0],
        ] as const) {
          const { occupied, evictable } = nat.portsOf({ protocol, address: 0, remote, remotePort: 1 });
          const mine = [...held.values()].filter(
            ({ key }) => key.startsWith(`${protocol} 0 `) && key.endsWith(` ${remote}`),
          );
          expect(occupied.count()).toBe(mine.length);
          expect(evictable.count()).toBe(mine.filter((state) => state.evictable).length);
        }
      }),
      { seed: 103, numRuns: 150 },
    );
  });
});
