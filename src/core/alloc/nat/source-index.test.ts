import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TCP } from '../../model/protocol.ts';
import { NatTable } from './nat-table.ts';
import { SourceIndex, type SourceKey } from './source-index.ts';

function chainOf(index: SourceIndex, key: SourceKey): number[] {
  const places: number[] = [];
  for (let place = index.newest(key); place >= 0; place = index.older(place)) {
    places.push(place);
    if (places.length > 100) throw new Error('the chain does not end');
  }
  return places;
}

/** Another key in the same bucket, which most have somewhere among the given ones. */
function clashOf(key: SourceKey, others: Iterable<SourceKey>): SourceKey | undefined {
  const index = new SourceIndex();
  index.grow(1);
  index.add(0, key);
  for (const other of others) if (index.newest(other) === 0) return other;
  return undefined;
}

describe('SourceIndex', () => {
  it('lists the entries of a source newest first, whatever was added and removed before', () => {
    const keys = [1, 2, 3].map((source) => ({ protocol: TCP, source, sourcePort: 5000 }));
    const steps = fc.array(fc.record({ adds: fc.boolean(), key: fc.nat(2), pick: fc.nat() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (events) => {
        const index = new SourceIndex();
        index.grow(20);
        const listed: number[][] = keys.map(() => []);
        const free = Array.from({ length: 20 }, (_, place) => place);
        for (const { adds, key, pick } of events) {
          const [mine, place] = [listed[key] ?? [], free.at(-1)];
          if (adds && place !== undefined) {
            free.pop();
            mine.unshift(place);
            index.add(place, keys[key] ?? { protocol: 0, source: 0, sourcePort: 0 });
          } else if (!adds && mine.length > 0) {
            const [gone = -1] = mine.splice(pick % mine.length, 1);
            index.remove(gone);
            free.push(gone);
          }
          keys.forEach((known, which) => expect(chainOf(index, known)).toEqual(listed[which]));
        }
      }),
      { seed: 109, numRuns: 200 },
    );
  });
});

describe('NatTable.mappingOf', () => {
  /** Finds two keys of one bucket and checks that neither is taken for the other. */
  function expectApart(key: SourceKey, other: SourceKey): void {
    const table = new NatTable();
    const to = { remote: 9, remotePort: 443 };
    const id = table.addTranslated(table.spaceOf({ ...key, ...to }, 0), { flow: { ...key, ...to }, port: 40_000 });
    expect(table.idAt(table.mappingOf(key))).toBe(id);
    expect(table.mappingOf(other)).toBe(-1);
  }

  it('tells protocols and sources apart when they share a bucket', () => {
    const pairs: [SourceKey, SourceKey][] = [];
    for (let sourcePort = 1; sourcePort < 65_536 && pairs.length === 0; sourcePort += 1) {
      const key = { protocol: TCP, source: 5, sourcePort };
      const other = clashOfProtocols(key);
      if (other !== undefined) pairs.push([key, other]);
    }
    const key = { protocol: TCP, source: 1, sourcePort: 5000 };
    const sources = Array.from({ length: 400_000 }, (_, source) => ({ ...key, source: source + 2 }));
    const other = clashOf(key, sources);
    if (other !== undefined) pairs.push([key, other]);
    expect(pairs.length).toBe(2);
    for (const [left, right] of pairs) expectApart(left, right);
  });

  it('ends after the only entry of a source, though others were at its place before', () => {
    const table = new NatTable();
    const flow = { protocol: TCP, source: 1, sourcePort: 7, remote: 1, remotePort: 53 };
    for (let turn = 0; turn < 3; turn += 1) {
      const id = table.addTranslated(table.spaceOf(flow, 0), { flow, port: 40_000 });
      const place = table.mappingOf(flow);
      expect(table.idAt(place)).toBe(id);
      expect(table.mappingOf(flow, place)).toBe(-1);
      table.remove(place);
      expect([table.mappingOf(flow), table.placeOf(id), table.size]).toEqual([-1, -1, 0]);
    }
  });

  it('keeps what it knows when it grows', () => {
    const table = new NatTable();
    const flows = Array.from({ length: 5000 }, (_, source) => ({
      protocol: TCP,
      source,
      sourcePort: 7,
      remote: 1,
      remotePort: 53,
    }));
    const ids = flows.map((flow, port) => table.addTranslated(table.spaceOf(flow, 0), { flow, port }));
    expect(table.size).toBe(5000);
    flows.forEach((flow, port) => {
      const place = table.mappingOf(flow);
      expect([table.idAt(place), table.portAt(place), table.addressAt(place)]).toEqual([ids[port], port, 0]);
      table.close(place);
    });
    expect(table.spaceOf({ protocol: TCP, remote: 1, remotePort: 53 }, 0).evictable.count()).toBe(5000);
  });
});

/** One protocol more in the same bucket, among all there are. */
function clashOfProtocols(key: SourceKey): SourceKey | undefined {
  return clashOf(
    key,
    Array.from({ length: 256 - key.protocol - 1 }, (_, index) => ({ ...key, protocol: key.protocol + 1 + index })),
  );
}
