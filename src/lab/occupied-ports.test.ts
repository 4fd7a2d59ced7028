// The ports a lab holds: as many as asked, distinct, inside the range, repeatable, and as clustered as the kernel leaves them.
import { describe, expect, it } from 'vitest';
import { PortSet } from '../core/model/port-set.ts';
import { occupiedPorts } from './occupied-ports.ts';
import { seededRandom } from '../core/alloc/seeded-random.ts';

const RANGE = { first: 32_768, last: 65_535 };

describe('occupiedPorts', () => {
  it.each([
    [RANGE, 0.98],
    [{ first: 40_000, last: 40_127 }, 0.5],
    [{ first: 1024, last: 65_535 }, 0.4],
    [{ first: 40_000, last: 40_000 }, 1],
  ])('holds distinct ports of %o at share %f', (range, share) => {
    const ports = occupiedPorts({ range, share, random: seededRandom(1) });
    const set = new PortSet();
    for (const port of ports) set.add(port);
    expect(ports).toHaveLength(Math.round((range.last - range.first + 1) * share));
    expect(set.count(range)).toBe(ports.length);
    expect(set.count()).toBe(ports.length);
  });

  it('repeats for a seed and differs between seeds', () => {
    const held = (seed: number) => occupiedPorts({ range: RANGE, share: 0.5, random: seededRandom(seed) });
    expect(held(7)).toEqual(held(7));
    expect(held(7)).not.toEqual(held(8));
  });

  it('clusters: at 98 % steady the kernel drops about 1 in 35, evenly spread ports would drop none', () => {
    const set = new PortSet();
    for (const port of occupiedPorts({ range: RANGE, share: 0.98, turnovers: 3, random: seededRandom(3) }))
      set.add(port);
    const drop = [128, 64, 32, 16, 8].reduce((product, width) => product * blockedShare(set, width), 1);
    expect(drop).toBeGreaterThan(0.015);
    expect(drop).toBeLessThan(0.05);
  });
});

/** Share of starts from which this many candidates are all held. */
function blockedShare(set: PortSet, width: number): number {
  let blocked = 0;
  for (let start = 0; start < 32_768; start += 1) {
    let free = false;
    for (let step = 0; step < width && !free; step += 1) free = !set.has(32_768 + ((start + step) % 32_768));
    if (!free) blocked += 1;
  }
  return blocked / 32_768;
}
