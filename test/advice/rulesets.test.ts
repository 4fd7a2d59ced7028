// Second oracle of the planner's nft text: the program that reads it, and connections that go through it.
import { describe, expect, it } from 'vitest';
import type { PortRange } from '../../src/core/model/port-range.ts';
import { splitParts } from '../../src/core/advice/split-parts.ts';
import { runIsolated } from '../lab/run-isolated.ts';

interface Loaded {
  readonly id: string;
  readonly errors: string;
  readonly listing: string;
  readonly after: string;
}

interface Through {
  readonly errors: readonly string[];
  readonly opened: number;
  readonly held: readonly string[];
  readonly closing: readonly string[];
}

const PROGRAMS = new URL('./ruleset-programs.js', import.meta.url);

describe('the rulesets of a plan', () => {
  const loaded = runIsolated(PROGRAMS, 'loadAll') as Loaded[];

  it('are read by nft, may be loaded twice, and are taken back without a trace', () => {
    expect(loaded.map(({ id }) => id).toSorted()).toEqual(
      ['hold-time', 'hold-time', 'more-addresses', 'more-addresses', 'split-range', 'split-range'].toSorted(),
    );
    for (const { errors, listing, after } of loaded) {
      expect(errors).toBe('');
      expect(listing.match(/^table /gm)).toHaveLength(1);
      expect(after).toBe('');
    }
  });

  it('draw a part for each flow by numgen, and never in the forms that nft takes but means otherwise', () => {
    for (const { id, listing } of loaded) {
      expect(listing).not.toMatch(/(masquerade|snat) to :?numgen|to [\d.]+:numgen|jhash|symhash|numgen inc/);
      if (id === 'hold-time') continue;
      expect(listing).toContain('priority srcnat - 1');
      for (const line of listing.split('\n').filter((text) => /masquerade|snat to/.test(text)))
        expect(line).toMatch(/to (\S*):\d+-\d+ fully-random$/);
      expect(listing).toMatch(/numgen random mod \d+ vmap \{ .* : goto part_0/);
    }
  });
});

describe('on a real node beside Calico’s own rules', () => {
  const { errors, opened, held, closing } = runIsolated(PROGRAMS, 'throughTheNode') as Through;
  const ports = held.flatMap((line) => [...line.matchAll(/dport=(\d+)/g)].slice(1, 2).map((match) => Number(match[1])));

  it('the split range takes every flow, and no flow gets a NodePort', () => {
    expect(errors).toEqual(['', '']);
    expect(opened).toBe(400);
    expect(ports).toHaveLength(400);
    const parts = splitParts([{ first: 30_000, last: 32_767 }]);
    const inside = ({ first, last }: PortRange): number => ports.filter((port) => port >= first && port <= last).length;
    expect(parts.reduce((sum, part) => sum + inside(part), 0)).toBe(400);
    // Of 400 flows 400/15 = 26.7 are expected in the smallest part; none at all has a chance of 1 in 10^12.
    for (const part of parts) expect(inside(part)).toBeGreaterThan(0);
  });

  it('the shorter TIME_WAIT holds for the one destination only', () => {
    const secondsLeft = (port: number): number[] =>
      closing
        .filter((line) => line.includes(`dport=${port} `))
        .map((line) => Number(/^tcp\s+6\s+(\d+)/.exec(line)?.[1] ?? -1));
    expect(secondsLeft(443).length).toBe(20);
    expect(secondsLeft(80).length).toBe(20);
    expect(Math.max(...secondsLeft(443))).toBeLessThanOrEqual(60);
    expect(Math.min(...secondsLeft(80))).toBeGreaterThan(60);
  });
});
