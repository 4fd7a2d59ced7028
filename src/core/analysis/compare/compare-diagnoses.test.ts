import { describe, expect, it } from 'vitest';
import {
  arrivalsFixture,
  closingFixture,
  countersFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  NOT_EVICTING,
} from '../../../../test/analysis/node-facts-fixture.ts';
import type { NodeFacts } from '../../model/node-facts.ts';
import { diagnose } from '../diagnose.ts';
import { compareDiagnoses } from './compare-diagnoses.ts';
import type { Moment } from './moment.ts';

function look(options: Parameters<typeof nodeFactsFixture>[0]): Moment {
  const facts: NodeFacts = nodeFactsFixture({ behaviour: NOT_EVICTING, ...options });
  return { facts, diagnosis: diagnose(facts) };
}

const FINE = look({ flows: flowsFixture(900) });
const CHURN = look({
  flows: [...closingFixture(31_500), ...flowsFixture(900, { port: 64_400 })],
  arrivals: arrivalsFixture(520),
  counters: countersFixture({ insertFailed: 25, drop: 25, found: 12_000 }),
});
const WIDER = look({
  flows: [...closingFixture(31_500, { port: 20_000 }), ...flowsFixture(900, { port: 64_400 })],
  range: { first: 4790, last: 65_535 },
  arrivals: arrivalsFixture(520),
});
const NO_FLOWS = look({ flowsSource: undefined, gaps: [gapFixture('flows')] });

const trends = (before: Moment, after: Moment) => {
  const { trend, portSpaces, node } = compareDiagnoses(before, after);
  return [trend, portSpaces.map((space) => space.trend), node.map((change) => `${change.what} ${change.trend}`)];
};

describe('compareDiagnoses', () => {
  it('finds nothing between a look and itself', () => {
    expect(trends(CHURN, CHURN)).toEqual(['same', ['same'], []]);
    expect(compareDiagnoses(FINE, FINE).conclusion).toBe('Not worse, not better.');
  });

  it('sees trouble come and go', () => {
    expect(trends(FINE, CHURN)).toEqual(['worse', ['worse'], ['lost for want of a port worse']]);
    expect(trends(CHURN, FINE)).toEqual(['better', ['better'], ['lost for want of a port better']]);
    expect(compareDiagnoses(FINE, CHURN).conclusion).toBe(
      'Worse: tcp 203.0.113.9:443 via 192.0.2.10 went from fine to churn; and 1 other.',
    );
  });

  it('weighs trouble that stays by what it loses', () => {
    expect(CHURN.diagnosis.severity).toBe(WIDER.diagnosis.severity);
    expect(trends(CHURN, WIDER)[0]).toBe('better');
    expect(trends(WIDER, CHURN)[0]).toBe('worse');
    expect(compareDiagnoses(CHURN, WIDER).node).toContainEqual({
      what: 'range of tcp',
      before: '32768-65535 by Calico',
      after: '4790-65535 by Calico',
      trend: 'changed',
    });
  });

  it('counts the flows of a space that one look did not chart', () => {
    const gone = look({ flows: flowsFixture(3, { remote: '198.51.100.7' }) });
    const [space] = compareDiagnoses(CHURN, gone).portSpaces.filter(({ before }) => before !== undefined);
    expect(space).toMatchObject({ after: undefined, flowsBefore: 32_400, flowsAfter: 0, trend: 'better' });
  });

  it('cannot tell where a look shows nothing, and says so rather than that nothing got worse', () => {
    expect(compareDiagnoses(FINE, NO_FLOWS)).toMatchObject({ trend: 'unclear' });
    expect(compareDiagnoses(NO_FLOWS, FINE)).toMatchObject({ trend: 'unclear' });
    expect(compareDiagnoses(NO_FLOWS, CHURN)).toMatchObject({ trend: 'worse' });
    expect(compareDiagnoses(FINE, NO_FLOWS).conclusion).toMatch(/^Cannot tell: /);
  });
});
