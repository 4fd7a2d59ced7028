import { describe, expect, it } from 'vitest';
import { findingOf, verdictOf } from '../../../../test/analysis/finding-of.ts';
import {
  type FlowFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 1025, last: 65_535 };

/** `count` flows whose source ports are the default ephemeral ports of one pod. */
function ephemeral(count: number, options: Partial<FlowFixture> = {}): FlowFixture[] {
  return flowsFixture(count, { port: 2000, ...options }).map((flow, index) => ({
    ...flow,
    sourcePort: 32_768 + index,
    port: 2000 + index * 2,
  }));
}

describe('pod-ephemeral-ports', () => {
  it('is critical when one pod holds all 28,232 of its own ports towards one remote', () => {
    const facts = nodeFactsFixture({ range: RANGE, flows: ephemeral(28_232) });
    expect(verdictOf(facts)).toBe('pod-ephemeral-ports');
    const finding = findingOf(facts, 'pod-ephemeral-ports');
    expect(finding).toMatchObject({
      severity: 'critical',
      confidence: 'medium',
      gaps: ['pod-settings'],
      numbers: { podPorts: { value: 28_232 }, podCapacity: { value: 28_232 } },
    });
    expect(finding?.sentence).toContain('10.1.0.7');
  });

  it('is silent when two pods share them, or when the source ports are not ephemeral', () => {
    const two = [
      ...ephemeral(14_000),
      ...ephemeral(14_000, { source: '10.1.0.8' }).map((flow) => ({ ...flow, port: flow.port + 1 })),
    ];
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows: two }), 'pod-ephemeral-ports')).toBeUndefined();
    const low = ephemeral(28_232).map((flow) => ({ ...flow, sourcePort: flow.sourcePort - 31_000 }));
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows: low }), 'pod-ephemeral-ports')).toBeUndefined();
  });

  it('is less sure when the dump was cut short', () => {
    const facts = nodeFactsFixture({
      range: RANGE,
      flows: ephemeral(27_500),
      gaps: [gapFixture('nat-rules'), gapFixture('flows-incomplete')],
    });
    expect(findingOf(facts, 'pod-ephemeral-ports')).toMatchObject({
      severity: 'warning',
      confidence: 'low',
      gaps: ['flows-incomplete', 'nat-rules', 'pod-settings'],
    });
  });
});
