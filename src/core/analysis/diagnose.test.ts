import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EVICTING,
  type FlowFixture,
  NODE_ADDRESS,
  NOT_EVICTING,
  POD,
  arrivalsFixture,
  closingFixture,
  countersFixture,
  datagramsFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  scatter,
} from '../../../test/analysis/node-facts-fixture.ts';
import { seededRandom } from '../alloc/seeded-random.ts';
import { SEEN_REPLY } from '../model/flow-status.ts';
import type { GapId } from '../model/gap.ts';
import { diagnose } from './diagnose.ts';

const RANGE = { first: 40_000, last: 40_299 };

describe('diagnose', () => {
  it('answers for an empty node: fine, no row, no loss', () => {
    const diagnosis = diagnose(nodeFactsFixture());
    expect(diagnosis).toMatchObject({
      schema: 'portolan.dev/diagnosis/v1',
      severity: 'ok',
      portSpaces: [],
      quiet: { count: 0, highestShare: 0 },
      losses: { seconds: 2, snat: 0, tableFull: 0 },
      totals: { flows: 0, portSpaces: 0, newPerSecond: 0 },
      next: 'portolan diagnose --explain',
    });
    expect(
      diagnosis.ranges.map(({ protocol, effective }) => [protocol, effective.range.first, effective.owner]),
    ).toEqual([
      ['tcp', 32_768, 'calico'],
      ['udp', 32_768, 'calico'],
    ]);
  });

  it('puts the worst port space first, then the fullest', () => {
    const flows = [
      ...flowsFixture(100, { port: 40_000, remotePort: 80 }),
      ...flowsFixture(300, { port: 40_000, remotePort: 443 }),
      ...scatter(datagramsFixture(280), RANGE),
      ...flowsFixture(12, { port: 40_000, remotePort: 25 }),
    ];
    const { portSpaces, quiet, severity } = diagnose(nodeFactsFixture({ range: RANGE, flows }));
    expect(severity).toBe('critical');
    expect(portSpaces.map(({ portSpace }) => portSpace.remotePort)).toEqual([443, 53, 80, 25]);
    expect(quiet).toEqual({ count: 0, highestShare: 0 });
  });

  it('charts the fullest port spaces when none is in trouble, and counts the rest', () => {
    const flows = [...flowsFixture(3, { port: 40_000 }), ...flowsFixture(5, { port: 40_000, remotePort: 80 })];
    const { portSpaces, quiet } = diagnose(nodeFactsFixture({ range: RANGE, flows }));
    expect(portSpaces.map(({ portSpace }) => portSpace.remotePort)).toEqual([80, 443]);
    expect(quiet).toEqual({ count: 0, highestShare: 0 });
    const many = Array.from({ length: 40 }, (_, index) =>
      flowsFixture(index < 32 ? 5 : 3, { port: 40_000, remotePort: index + 1 }),
    );
    const crowd = diagnose(nodeFactsFixture({ range: RANGE, flows: many.flat() }));
    expect(crowd.portSpaces).toHaveLength(32);
    expect(crowd.quiet).toEqual({ count: 8, highestShare: 0.01 });
  });

  it('tells live, closing and evictable ports apart, and gives both ends of the probability', () => {
    const flows = [
      ...flowsFixture(100, { port: 40_000 }),
      ...closingFixture(200, { port: 40_100, source: '10.1.0.8' }),
    ];
    const [row] = diagnose(nodeFactsFixture({ range: RANGE, flows })).portSpaces;
    expect(row).toMatchObject({
      usedPorts: 300,
      livePorts: 100,
      evictablePorts: 200,
      closingPorts: 200,
      capacityPorts: 300,
      dropProbabilityWithoutEviction: 1,
      states: { ESTABLISHED: 100, TIME_WAIT: 200 },
      release: { firstSeconds: 1, ports: 200 },
    });
    expect(row?.dropProbability).toBeLessThan(0.01);
    expect(row?.sources.map(({ address, ports }) => [address, ports])).toEqual([
      ['10.1.0.8', 200],
      ['10.1.0.7', 100],
    ]);
  });

  it('names as holders only the sources of ports inside the range', () => {
    const host = flowsFixture(2000, { port: 50_000, source: NODE_ADDRESS, status: SEEN_REPLY });
    const flows = [...host, ...flowsFixture(100, { port: 40_000 })];
    const [row] = diagnose(nodeFactsFixture({ range: RANGE, flows })).portSpaces;
    expect(row?.usedPorts).toBe(100);
    expect(row?.sources).toEqual([{ address: POD, ports: 100, share: 1 }]);
  });

  it('counts a port once when a dump repeats its entry', () => {
    const flows = flowsFixture(150, { port: 40_000 });
    expect(diagnose(nodeFactsFixture({ range: RANGE, flows: [...flows, ...flows] })).portSpaces[0]?.usedPorts).toBe(
      150,
    );
  });

  it('knows how many new flows a second a steady space bears: occupancy over arrivals is the hold time', () => {
    const flows = scatter(closingFixture(240), RANGE);
    const arrivals = arrivalsFixture(4, { lowestPort: 40_000, highestPort: 40_299 });
    const [row] = diagnose(nodeFactsFixture({ range: RANGE, behaviour: NOT_EVICTING, flows, arrivals })).portSpaces;
    expect(row?.newPerSecond).toBe(2);
    expect(row?.holdSeconds).toBe(120);
    expect(row?.sustainablePerSecond).toBeGreaterThan(2);
    expect(row?.sustainablePerSecond).toBeLessThan(2.5);
    expect(row).not.toHaveProperty('fullInSeconds');
  });

  it('counts probes for each new flow, lost ones included', () => {
    const facts = nodeFactsFixture({
      counters: countersFixture({ found: 500, insertFailed: 2, drop: 3 }),
      arrivals: arrivalsFixture(98),
    });
    expect(diagnose(facts).losses).toEqual({ seconds: 2, snat: 2, tableFull: 1, probesPerFlow: 5 });
  });

  it('gives the same answer for the same flows in another order', () => {
    const flows: FlowFixture[] = [
      ...scatter(flowsFixture(150), RANGE),
      ...scatter(closingFixture(120, { remotePort: 8443, source: '10.1.0.9' }), RANGE),
      ...scatter(datagramsFixture(250), RANGE),
      ...flowsFixture(3, { port: 40_000, remote: '198.51.100.4' }),
      ...flowsFixture(3, { port: 40_000, remote: '198.51.100.3' }),
    ];
    const indexless = (facts: ReturnType<typeof nodeFactsFixture>): unknown =>
      JSON.parse(JSON.stringify(diagnose(facts), (key, value: unknown) => (key === 'index' ? undefined : value)));
    const expected = indexless(nodeFactsFixture({ range: RANGE, flows }));
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed);
        const keyed = flows.map((flow) => ({ flow, key: random() })).toSorted((left, right) => left.key - right.key);
        expect(indexless(nodeFactsFixture({ range: RANGE, flows: keyed.map(({ flow }) => flow) }))).toEqual(expected);
      }),
      { seed: 47, numRuns: 20 },
    );
  });

  it('never turns cannot-tell into fine, and never sounds surer, when a gap is added', () => {
    const ids = fc.constantFrom<GapId>(
      'flows',
      'flows-incomplete',
      'host-flows',
      'events',
      'counters',
      'nat-rules',
      'nat-rules-legacy',
      'listeners',
      'links',
      'sysctls',
      'kernel-behaviour',
      'conntrack-absent',
      'decoder',
    );
    const rank = { high: 2, medium: 1, low: 0 };
    fc.assert(
      fc.property(
        fc.array(ids, { maxLength: 3 }),
        ids,
        fc.integer({ min: 0, max: 300 }),
        fc.boolean(),
        (gaps, added, used, closing) => {
          const flows = closing ? closingFixture(used, { port: 40_000 }) : flowsFixture(used, { port: 40_000 });
          const base = { range: RANGE, flows, behaviour: { ...EVICTING, evictsClosing: 'unknown' } as const };
          const before = diagnose(nodeFactsFixture({ ...base, gaps: gaps.map(gapFixture) }));
          const after = diagnose(nodeFactsFixture({ ...base, gaps: [...gaps, added].map(gapFixture) }));
          if (before.severity === 'unknown') expect(after.severity).toBe('unknown');
          const confidenceOf = (diagnosis: typeof before): number =>
            rank[diagnosis.portSpaces[0]?.findings[0]?.confidence ?? 'low'];
          if (used > 0) expect(confidenceOf(after)).toBeLessThanOrEqual(confidenceOf(before));
        },
      ),
      { seed: 53, numRuns: 100 },
    );
  });

  it('is plain data: JSON and back changes nothing', () => {
    const diagnosis = diagnose(nodeFactsFixture({ range: RANGE, flows: flowsFixture(300, { port: 40_000 }) }));
    expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
  });
});
