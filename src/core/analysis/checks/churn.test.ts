import { describe, expect, it } from 'vitest';
import { FIXED_TIMEOUT, SEEN_REPLY, SRC_NAT } from '../../model/flow-status.ts';
import { findingOf, verdictOf } from '../../../../test/analysis/finding-of.ts';
import {
  NOT_EVICTING,
  closingFixture,
  datagramsFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 40_000, last: 40_999 };
const CLOSING = closingFixture(1000, { port: 40_000 });

describe('churn', () => {
  it('is critical when TIME_WAIT fills the range of a kernel that does not take it over', () => {
    const facts = nodeFactsFixture({ range: RANGE, behaviour: NOT_EVICTING, flows: CLOSING });
    expect(verdictOf(facts)).toBe('churn');
    expect(findingOf(facts, 'churn')).toMatchObject({
      severity: 'critical',
      confidence: 'high',
      numbers: { endedPorts: { value: 1000, unit: 'ports' }, freeAgainLastSeconds: { value: 119, unit: 's' } },
    });
    expect(findingOf(facts, 'exhausted')).toBeUndefined();
  });

  it('holds for entries with a fixed timeout on a kernel that evicts, and for one-shot datagrams on every kernel', () => {
    const fixed = closingFixture(1000, { port: 40_000, status: SRC_NAT | SEEN_REPLY | FIXED_TIMEOUT });
    const finding = findingOf(nodeFactsFixture({ range: RANGE, flows: fixed }), 'churn');
    expect(finding?.sentence).toMatch(/and these entries have a fixed timeout and are not taken over\.$/);
    expect(verdictOf(nodeFactsFixture({ range: RANGE, flows: datagramsFixture(1000, { port: 40_000 }) }))).toBe(
      'churn',
    );
  });

  it('never fires when the kernel takes the entries over, nor when live flows are most of what is in the way', () => {
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows: CLOSING }), 'churn')).toBeUndefined();
    const mixed = [...flowsFixture(700, { port: 40_000 }), ...closingFixture(300, { port: 40_700 })];
    expect(verdictOf(nodeFactsFixture({ range: RANGE, behaviour: NOT_EVICTING, flows: mixed }))).toBe('exhausted');
  });

  it('does not guess when it is not known whether the kernel evicts', () => {
    const behaviour = { ...NOT_EVICTING, evictsClosing: 'unknown' } as const;
    const facts = nodeFactsFixture({ range: RANGE, behaviour, flows: CLOSING, gaps: [gapFixture('kernel-behaviour')] });
    expect(findingOf(facts, 'churn')).toBeUndefined();
    expect(verdictOf(facts)).toBe('cannot-tell');
  });

  it('is less sure when the dump was cut short', () => {
    const facts = nodeFactsFixture({
      range: RANGE,
      behaviour: NOT_EVICTING,
      flows: CLOSING,
      gaps: [gapFixture('flows-incomplete')],
    });
    expect(findingOf(facts, 'churn')).toMatchObject({ confidence: 'medium', gaps: ['flows-incomplete'] });
  });
});
