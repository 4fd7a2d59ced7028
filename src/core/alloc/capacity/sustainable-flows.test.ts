import { describe, expect, it } from 'vitest';
import { PortSet } from '../../model/port-set.ts';
import { UDP } from '../../model/protocol.ts';
import { dropProbability } from '../drop-probability.ts';
import { searchPort } from '../reference-search.ts';
import { seededRandom } from '../seeded-random.ts';
import { sustainableFlows } from './sustainable-flows.ts';

const OLD = { evictsClosing: 'no', search: 'windows' } as const;

const SAMPLES = 400;

/** What an arrival meets once a port has been left for it: mean over 400 of them, 32 arrivals apart, after 15 turnovers in which a random port is left for each one taken. */
function steadyDrop(size: number, held: number): number {
  const random = seededRandom(43);
  const search = {
    occupied: new PortSet(),
    evictable: new PortSet(),
    range: { first: 65_536 - size, last: 65_535 },
    protocol: UDP,
    behaviour: OLD,
  };
  const ports: number[] = [];
  let total = 0;
  for (let arrival = 0; arrival < held * 15 + 32 * SAMPLES; arrival += 1) {
    const leaving = ports.length < held ? ports.length : Math.floor(random() * held);
    if (ports.length >= held) search.occupied.delete(ports[leaving] ?? 0);
    if (arrival >= held * 15 && (arrival - held * 15) % 32 === 0) total += dropProbability(search);
    let port: number | undefined;
    while (port === undefined) ({ port } = searchPort(search, random));
    search.occupied.add(port);
    ports[leaving] = port;
  }
  return total / SAMPLES;
}

describe('a steady state of random leaves', () => {
  it.each([
    [256, 0.98, 0.0055, 0.008],
    [1000, 0.95, 0.0011, 0.0018],
    [1000, 0.98, 0.023, 0.022],
  ])('loses what the kernel was measured to lose: %d ports at %d', (size, share, kernel, model) => {
    const drop = steadyDrop(size, Math.floor(size * share));
    expect(drop).toBeGreaterThan(Math.min(kernel, model) / 1.5);
    expect(drop).toBeLessThan(Math.max(kernel, model) * 1.5);
  });
});

describe('sustainableFlows', () => {
  it.each([
    [1024, 55_830, 58_476, 61_878],
    [4790, 48_300, 53_461, 57_554],
    [8192, 39_883, 48_283, 53_827],
    [10_240, 36_352, 44_938, 51_256],
    [16_384, 31_305, 35_769, 43_833],
    [20_000, 30_336, 33_004, 39_408],
    [24_576, 29_568, 31_248, 35_208],
    [28_000, 29_075, 30_395, 33_144],
    [30_000, 28_984, 30_129, 32_211],
    [32_768, 28_646, 29_702, 31_334],
  ])('agrees within 1 %% with an independent simulation of %d-65535', (first, ...flows) => {
    const range = { first, last: 65_535 };
    flows.forEach((expected, index) => {
      const fits = sustainableFlows(range, OLD, 10 ** (index - 4));
      expect(Math.abs(fits / expected - 1), `${fits} against ${expected}`).toBeLessThan(0.01);
    });
  });

  it('shows that half-way ranges gain almost nothing', () => {
    const narrow = sustainableFlows({ first: 32_768, last: 65_535 }, OLD, 1e-3);
    expect(sustainableFlows({ first: 30_000, last: 65_535 }, OLD, 1e-3) / narrow).toBeLessThan(1.03);
    expect(sustainableFlows({ first: 4790, last: 65_535 }, OLD, 1e-3) / narrow).toBeGreaterThan(1.75);
  });

  it('counts live flows only where closing ones are taken over, and never more than the search itself bears', () => {
    const range = { first: 32_768, last: 65_535 };
    const evicting = sustainableFlows(range, { ...OLD, evictsClosing: 'yes' }, 2e-3);
    // Live ports drawn at random would allow 0.9 (reference 3.6); live flows cluster.
    expect(evicting / 32_768).toBeGreaterThan(0.85);
    expect(evicting / 32_768).toBeLessThan(0.9);
    expect(evicting).toBeLessThanOrEqual(sustainableFlows(range, OLD, 2e-3));
  });

  it('is the loss formula of Erlang where the whole range is scanned', () => {
    expect(sustainableFlows({ first: 40_000, last: 40_099 }, OLD, 1e-2)).toBeCloseTo(84.06, 1);
    const full = sustainableFlows({ first: 32_768, last: 65_535 }, { ...OLD, search: 'full-scan' }, 1e-3);
    expect(full).toBeGreaterThan(32_400);
    expect(full).toBeLessThan(32_768);
  });
});
