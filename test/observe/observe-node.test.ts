// One node observed from end to end, against what conntrack lists in the same namespace.
import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import type { PortSpace } from '../../src/core/model/port-space.ts';
import { runIsolated } from '../lab/run-isolated.ts';

const PROGRAMS = new URL('./observe-programs.js', import.meta.url);

interface Seen {
  readonly facts: Omit<NodeFacts, 'flows'>;
  readonly flowCount: number;
  readonly spaces: readonly PortSpace[];
  readonly established: number;
  readonly steps: readonly string[];
  readonly diagnosis: string;
}

describe('observeNode', () => {
  it('joins flows, arrivals, counters, rules and behaviour of one window', () => {
    const seen = runIsolated(PROGRAMS, 'observeBusyNode') as Seen;
    const { facts } = seen;
    expect(seen.spaces).toHaveLength(1);
    expect(seen.spaces[0]).toMatchObject({ snatAddress: '192.0.2.10', remotePort: 443, protocol: 6 });
    expect(seen.established).toBe(25);
    expect(seen.flowCount).toBeGreaterThan(25);
    expect(facts.arrivals?.total).toBeGreaterThan(50);
    expect(facts.arrivals?.portSpaces[0]?.lowestPort).toBeGreaterThanOrEqual(40_000);
    expect(facts.arrivals?.portSpaces[0]?.highestPort).toBeLessThanOrEqual(40_999);
    expect(facts.counters?.seconds).toBeGreaterThanOrEqual(1);
    expect(facts.natRules.sourceNat.filter((rule) => rule.owner === 'calico').length).toBeGreaterThanOrEqual(5);
    expect(facts.behaviour.search).toBe('windows');
    expect(facts.addresses).toContain('192.0.2.10');
    expect(facts.gaps).toEqual([]);
    expect(seen.steps).toContain('watching new flows');
    expect(seen.diagnosis).toBe('ok');
  });

  it('stops when it is told to', () => {
    expect(runIsolated(PROGRAMS, 'abortObservation')).toEqual({
      message: expect.stringContaining('Cannot read the node'),
      soon: true,
    });
  });
});

describe('NodeWatch', () => {
  it('looks again and again, ends when it is closed, and says what it cannot enter', () => {
    const look = { name: 'watched', search: 'windows', heard: true, gaps: [] };
    const refused = expect.stringContaining('Cannot open network namespace /nowhere');
    expect(runIsolated(PROGRAMS, 'watchNode')).toEqual({
      looks: [
        { ...look, flows: 10 },
        { ...look, flows: 35 },
      ],
      cut: expect.stringContaining('Cannot read the node: the reader stopped early'),
      refused: [refused, refused],
    });
  });
});
