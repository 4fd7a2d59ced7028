import { describe, expect, it } from 'vitest';
import {
  arrivalsFixture,
  countersFixture,
  datagramsFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  scatter,
} from '../../../test/analysis/node-facts-fixture.ts';
import { UDP } from '../model/protocol.ts';
import { diagnose } from './diagnose.ts';

const RANGE = { first: 40_000, last: 40_999 };
const FULL = scatter(datagramsFixture(920), RANGE);
const LOST = countersFixture({ insertFailed: 256, drop: 256, found: 256 * 250 });
const THROUGH = arrivalsFixture(184, { protocol: UDP, remotePort: 53, lowestPort: 40_000, highestPort: 40_999 });
const CHURNING = { range: RANGE, flows: FULL, counters: LOST, arrivals: THROUGH };

describe('losses of the window', () => {
  it('raise the severity of the only full space above what its ports at the end of the window say', () => {
    const calm = diagnose(nodeFactsFixture({ ...CHURNING, counters: countersFixture() })).portSpaces[0];
    expect(calm?.severity).not.toBe('critical');
    const [row] = diagnose(nodeFactsFixture(CHURNING)).portSpaces;
    expect(row).toMatchObject({ severity: 'critical', losses: { seconds: 2, lostPerSecond: 128 } });
    expect(row?.losses?.measuredLoss).toBeCloseTo(128 / 220);
    expect(row?.dropProbability).toBe(calm?.dropProbability);
    expect(row?.findings[0]).toMatchObject({ check: 'churn', numbers: { lostPerSecond: { value: 128 } } });
    expect(row?.findings[0]?.numbers['measuredLoss']?.value).toBeCloseTo(128 / 220);
    expect(row?.findings[0]?.because.join(' ')).toContain('58 % of the attempts');
  });

  it('are a share only when NEW events were all read', () => {
    const arrivals = { ...THROUGH, lossy: true };
    const [row] = diagnose(nodeFactsFixture({ ...CHURNING, arrivals, gaps: [gapFixture('events')] })).portSpaces;
    expect(row?.losses).toEqual({ seconds: 2, lostPerSecond: 128 });
  });

  it('belong to nobody when two spaces are as full, when none is, when they are a race, or a single clash', () => {
    const rival = scatter(datagramsFixture(920, { remotePort: 54 }), RANGE);
    const cases = [
      { ...CHURNING, flows: [...FULL, ...rival] },
      { ...CHURNING, flows: flowsFixture(100, { port: 40_000 }) },
      { ...CHURNING, counters: countersFixture({ insertFailed: 256, drop: 256, found: 256 * 12 }) },
      { ...CHURNING, counters: countersFixture({ insertFailed: 2, drop: 2, found: 500 }) },
    ];
    for (const facts of cases)
      expect(diagnose(nodeFactsFixture(facts)).portSpaces.map(({ losses }) => losses)).not.toContainEqual(
        expect.anything(),
      );
  });
});
