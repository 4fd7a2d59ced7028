import { UDP } from '../../model/protocol.ts';
import { describe, expect, it } from 'vitest';
import { findingOf, verdictOf } from '../../../../test/analysis/finding-of.ts';
import {
  arrivalsFixture,
  closingFixture,
  datagramsFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  scatter,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 40_000, last: 40_999 };

describe('nearing', () => {
  it('warns at 86 % live ports although nothing is lost', () => {
    const facts = nodeFactsFixture({ range: RANGE, flows: scatter(flowsFixture(860), RANGE) });
    expect(verdictOf(facts)).toBe('nearing');
    expect(findingOf(facts, 'nearing')).toMatchObject({ severity: 'warning', confidence: 'high' });
  });

  it('warns at half the ports when growth fills them within minutes, and says when', () => {
    const arrivals = arrivalsFixture(20, { lowestPort: 40_000, highestPort: 40_999 });
    const finding = findingOf(
      nodeFactsFixture({ range: RANGE, flows: scatter(flowsFixture(500), RANGE), arrivals }),
      'nearing',
    );
    expect(finding).toMatchObject({
      confidence: 'medium',
      numbers: { fullInSeconds: { value: 50, unit: 's' }, newPerSecond: { value: 10 } },
    });
  });

  it('is silent at half the ports without growth, with slow growth, and when the rest is closing and taken over', () => {
    const half = scatter(flowsFixture(500), RANGE);
    const closing = [...half, ...closingFixture(480, { port: 40_000 })];
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows: half }), 'nearing')).toBeUndefined();
    expect(
      findingOf(
        nodeFactsFixture({
          range: RANGE,
          flows: half,
          arrivals: arrivalsFixture(1, { lowestPort: 40_000, highestPort: 40_000 }),
        }),
        'nearing',
      ),
    ).toBeUndefined();
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows: scatter(closing, RANGE) }), 'nearing')).toBeUndefined();
  });

  it('does not forecast from a burst into an almost empty space', () => {
    const flows = scatter(flowsFixture(100), RANGE);
    const arrivals = arrivalsFixture(60, { lowestPort: 40_000, highestPort: 40_999 });
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows, arrivals }), 'nearing')).toBeUndefined();
  });

  it('gives way to exhausted once 1 in 1,000 is lost', () => {
    const facts = nodeFactsFixture({ range: RANGE, flows: flowsFixture(1000, { port: 40_000 }) });
    expect(findingOf(facts, 'nearing')).toBeUndefined();
  });

  it('does not extrapolate exchanges that end by themselves: 20 a second for 30 s each fit', () => {
    const flows = scatter(datagramsFixture(400), RANGE);
    const arrivals = arrivalsFixture(40, { protocol: UDP, remotePort: 53, lowestPort: 40_000, highestPort: 40_999 });
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows, arrivals }), 'nearing')).toBeUndefined();
    const faster = { ...arrivals, portSpaces: arrivals.portSpaces.map((space) => ({ ...space, count: 80 })) };
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows, arrivals: faster }), 'nearing')).toBeDefined();
  });

  it('says nothing about growth without events, and is less sure', () => {
    const facts = nodeFactsFixture({
      range: RANGE,
      flows: scatter(flowsFixture(860), RANGE),
      arrivals: undefined,
      gaps: [gapFixture('events')],
    });
    const finding = findingOf(facts, 'nearing');
    expect(finding).toMatchObject({ confidence: 'medium', gaps: ['events'] });
    expect(finding?.numbers).not.toHaveProperty('fullInSeconds');
  });
});
