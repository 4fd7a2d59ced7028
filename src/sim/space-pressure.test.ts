import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropProbability } from '../core/alloc/drop-probability.ts';
import { eraBehaviour } from '../core/alloc/kernel-era.ts';
import { PortSet } from '../core/model/port-set.ts';
import { TCP } from '../core/model/protocol.ts';
import { canFail, spacePressure } from './space-pressure.ts';

/** Runs of occupied ports: so many from so far after the range's start, round its end. */
const runs = fc.array(fc.record({ from: fc.nat(70_000), length: fc.nat(200) }), { maxLength: 6 });
const sizes = fc.constantFrom(40, 128, 129, 500, 4096, 32_768, 35_536);

function occupy(size: number, plan: readonly { readonly from: number; readonly length: number }[]): PortSet {
  const ports = new PortSet();
  for (const { from, length } of plan) {
    for (let step = 0; step < length; step += 1) ports.add(65_536 - size + ((from + step) % size));
  }
  return ports;
}

describe('spacePressure', () => {
  it('leaves the formula out only where it gives 0', () => {
    let failing = 0;
    fc.assert(
      fc.property(sizes, runs, (size, plan) => {
        const range = { first: 65_536 - size, last: 65_535 };
        const occupied = occupy(size, plan);
        const search = { occupied, evictable: new PortSet(), range, protocol: TCP, behaviour: eraBehaviour('5.0') };
        if (dropProbability(search) === 0) return;
        failing += 1;
        expect(canFail(occupied, range)).toBe(true);
      }),
      { numRuns: 400, seed: 3 },
    );
    expect(failing).toBeGreaterThan(20);
  });

  it('weighs parts by their size', () => {
    const ranges = [
      { first: 1024, last: 1123 },
      { first: 2000, last: 2299 },
    ];
    const occupied = new PortSet();
    for (let port = 1024; port <= 1123; port += 1) occupied.add(port);
    const rule = { ranges, protocol: TCP, behaviour: eraBehaviour('5.0') };
    expect(spacePressure({ occupied, evictable: new PortSet() }, rule)).toBe(0.25);
  });
});
