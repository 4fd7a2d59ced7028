import { describe, expect, it } from 'vitest';
import {
  closingFixture,
  flowsFixture,
  gapFixture,
  NODE_ADDRESS,
  nodeFactsFixture,
  NOT_EVICTING,
  REMOTE,
  scatter,
} from '../../../test/analysis/node-facts-fixture.ts';
import { diagnose } from './diagnose.ts';
import { portPressure } from './port-pressure.ts';

const RANGE = { first: 40_000, last: 40_999 };
const full = flowsFixture(1000, { port: 40_000 });

describe('portPressure', () => {
  it('is of the worst destination, and counts the others', () => {
    const others = ['203.0.113.10', '203.0.113.11'].flatMap((remote) => scatter(flowsFixture(920, { remote }), RANGE));
    const flows = [...others, ...full];
    expect(portPressure(diagnose(nodeFactsFixture({ range: RANGE, flows })))).toEqual({
      state: 'short',
      check: 'exhausted',
      sentence: `tcp ${REMOTE}:443 via ${NODE_ADDRESS}: Open connections hold so many source ports towards this destination that new ones find none. 2 more destinations are short of ports.`,
    });
  });

  it.each([
    ['nearing', scatter(flowsFixture(870), RANGE), undefined],
    ['churn', closingFixture(1000, { port: 40_000 }), NOT_EVICTING],
  ])('names %s', (check, flows, behaviour) => {
    const facts = nodeFactsFixture({ range: RANGE, flows, ...(behaviour === undefined ? {} : { behaviour }) });
    expect(portPressure(diagnose(facts))).toMatchObject({ state: 'short', check });
  });

  it('is none where ports suffice, and not known where nothing was seen', () => {
    const flows = flowsFixture(100, { port: 40_000 });
    expect(portPressure(diagnose(nodeFactsFixture({ range: RANGE, flows })))).toMatchObject({ state: 'enough' });
    const blind = portPressure(diagnose(nodeFactsFixture({ range: RANGE, flows: [], gaps: [gapFixture('flows')] })));
    expect(blind).toMatchObject({ state: 'unknown', check: 'cannot-tell' });
    expect(blind.sentence).toContain('cannot be told');
  });

  it('is short where that was seen, whatever else was not', () => {
    const facts = nodeFactsFixture({ range: RANGE, flows: full, gaps: [gapFixture('flows-incomplete')] });
    expect(portPressure(diagnose(facts)).state).toBe('short');
  });
});
