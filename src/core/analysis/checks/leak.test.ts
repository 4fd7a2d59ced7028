import { describe, expect, it } from 'vitest';
import { SRC_NAT } from '../../model/flow-status.ts';
import { CLOSE_WAIT, SYN_SENT } from '../../model/tcp-state.ts';
import { diagnose } from '../diagnose.ts';
import { findingOf, verdictOf } from '../../../../test/analysis/finding-of.ts';
import { flowsFixture, gapFixture, nodeFactsFixture, scatter } from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 40_000, last: 40_999 };

describe('leak', () => {
  it('names half-closed connections before the exhaustion they cause', () => {
    const facts = nodeFactsFixture({
      range: RANGE,
      flows: flowsFixture(1000, { port: 40_000, tcpState: CLOSE_WAIT, timeoutSeconds: 50 }),
    });
    expect(verdictOf(facts)).toBe('leak');
    expect(findingOf(facts, 'leak')).toMatchObject({ severity: 'critical', numbers: { leakedPorts: { value: 1000 } } });
    expect(findingOf(facts, 'exhausted')?.severity).toBe('critical');
  });

  it('names attempts nobody answers, already when nothing is lost yet', () => {
    const flows = scatter(flowsFixture(600, { tcpState: SYN_SENT, status: SRC_NAT, timeoutSeconds: 60 }), RANGE);
    const finding = findingOf(nodeFactsFixture({ range: RANGE, flows }), 'leak');
    expect(finding?.severity).toBe('warning');
    expect(finding?.sentence).toContain('nobody answers');
  });

  it('is not repeated as nearing', () => {
    const flows = scatter(flowsFixture(870, { tcpState: CLOSE_WAIT, timeoutSeconds: 50 }), RANGE);
    expect(
      diagnose(nodeFactsFixture({ range: RANGE, flows })).portSpaces[0]?.findings.map(({ check }) => check),
    ).toEqual(['leak']);
  });

  it('only notes idle connections, and leaves the verdict to the ports', () => {
    const facts = nodeFactsFixture({
      range: RANGE,
      flows: flowsFixture(1000, { port: 40_000, timeoutSeconds: 300_000 }),
    });
    expect(verdictOf(facts)).toBe('exhausted');
    expect(findingOf(facts, 'leak')).toMatchObject({ severity: 'info', confidence: 'low' });
  });

  it('is silent for living connections and for a few half-closed ones', () => {
    expect(
      findingOf(nodeFactsFixture({ range: RANGE, flows: flowsFixture(1000, { port: 40_000 }) }), 'leak'),
    ).toBeUndefined();
    const few = flowsFixture(300, { port: 40_000, tcpState: CLOSE_WAIT });
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows: few }), 'leak')).toBeUndefined();
  });

  it('is less sure when entries could not be decoded', () => {
    const flows = flowsFixture(1000, { port: 40_000, tcpState: CLOSE_WAIT });
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows, gaps: [gapFixture('decoder')] }), 'leak')).toMatchObject({
      confidence: 'medium',
      gaps: ['decoder'],
    });
  });
});
