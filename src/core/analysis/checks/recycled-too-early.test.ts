import { describe, expect, it } from 'vitest';
import { REMOTE_CLOSED_FIRST, SEEN_REPLY, SRC_NAT } from '../../model/flow-status.ts';
import { findingOf } from '../../../../test/analysis/finding-of.ts';
import {
  NOT_EVICTING,
  closingFixture,
  gapFixture,
  nodeFactsFixture,
  scatter,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 40_000, last: 40_299 };
const REMOTE_FIRST = SRC_NAT | SEEN_REPLY | REMOTE_CLOSED_FIRST;

describe('recycled-too-early', () => {
  it('warns when new connections take over ports their remote closed less than 60 s ago', () => {
    const facts = nodeFactsFixture({
      range: RANGE,
      flows: closingFixture(300, { port: 40_000, status: REMOTE_FIRST, timeoutSeconds: 100 }),
    });
    expect(findingOf(facts, 'recycled-too-early')).toMatchObject({
      severity: 'warning',
      confidence: 'medium',
      gaps: ['remote-counters'],
      numbers: { recycleChance: { value: 1 }, freshRemoteCloses: { value: 300 } },
    });
    expect(findingOf(facts, 'churn')).toBeUndefined();
  });

  it('is silent when the client closed first, when the remote has forgotten, when ports are plenty, and on an old kernel', () => {
    const silent = [
      nodeFactsFixture({ range: RANGE, flows: closingFixture(300, { port: 40_000, timeoutSeconds: 100 }) }),
      nodeFactsFixture({
        range: RANGE,
        flows: closingFixture(300, { port: 40_000, status: REMOTE_FIRST, timeoutSeconds: 50 }),
      }),
      nodeFactsFixture({
        range: RANGE,
        flows: scatter(closingFixture(150, { status: REMOTE_FIRST, timeoutSeconds: 100 }), RANGE),
      }),
      nodeFactsFixture({
        range: RANGE,
        behaviour: NOT_EVICTING,
        flows: closingFixture(300, { port: 40_000, status: REMOTE_FIRST, timeoutSeconds: 100 }),
      }),
    ];
    for (const facts of silent) expect(findingOf(facts, 'recycled-too-early')).toBeUndefined();
  });

  it('names every gap that weakens it beside the one no node can close', () => {
    const flows = closingFixture(300, { port: 40_000, status: REMOTE_FIRST, timeoutSeconds: 100 });
    const finding = findingOf(
      nodeFactsFixture({ range: RANGE, flows, gaps: [gapFixture('nat-rules')] }),
      'recycled-too-early',
    );
    expect(finding).toMatchObject({ confidence: 'low', gaps: ['nat-rules', 'remote-counters'] });
  });
});
