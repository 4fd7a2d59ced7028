import { describe, expect, it } from 'vitest';
import { emptyFlowTable } from '../../model/flow-table.ts';
import { diagnose } from '../diagnose.ts';
import { findingOf, verdictOf } from '../../../../test/analysis/finding-of.ts';
import {
  NOT_EVICTING,
  closingFixture,
  countersFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  scatter,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 40_000, last: 40_999 };

describe('cannot-tell', () => {
  it.each(['flows', 'flows-incomplete', 'conntrack-absent', 'nat-rules'] as const)(
    'replaces fine when %s is missing, and names it',
    (id) => {
      const facts = nodeFactsFixture({ flows: flowsFixture(10), gaps: [gapFixture(id)] });
      const diagnosis = diagnose(facts);
      expect(diagnosis.severity).toBe('unknown');
      expect(verdictOf(facts)).toBe('cannot-tell');
      expect(diagnosis.findings[0]).toMatchObject({
        check: 'cannot-tell',
        severity: 'unknown',
        confidence: 'low',
        gaps: [id],
      });
      expect(diagnosis.findings[0]?.sentence).toContain(`missing: ${id} was not read`);
    },
  );

  it('speaks when no source of flows worked although nobody left a gap', () => {
    expect(
      findingOf({ ...nodeFactsFixture(), flows: emptyFlowTable(), flowsSource: undefined }, 'cannot-tell'),
    ).toMatchObject({ gaps: ['flows'] });
  });

  it('asks for a trial when closing entries fill the range and the kernel is not known', () => {
    const behaviour = { ...NOT_EVICTING, evictsClosing: 'unknown' } as const;
    const facts = nodeFactsFixture({ range: RANGE, behaviour, flows: closingFixture(1000, { port: 40_000 }) });
    expect(findingOf(facts, 'cannot-tell')).toMatchObject({
      severity: 'unknown',
      remedy: 'portolan probe',
      numbers: { dropWithoutEviction: { value: 1 } },
    });
    expect(diagnose(facts).next).toBe('portolan probe');
  });

  it('asks for the details of closing entries when new flows take them over unseen', () => {
    const facts = nodeFactsFixture({
      range: RANGE,
      flows: closingFixture(1000, { port: 40_000 }),
      gaps: [gapFixture('flow-details')],
    });
    expect(verdictOf(facts)).toBe('cannot-tell');
    expect(
      verdictOf(
        nodeFactsFixture({
          range: RANGE,
          flows: flowsFixture(100, { port: 40_000 }),
          gaps: [gapFixture('flow-details')],
        }),
      ),
    ).toBe('fine');
  });

  it.each([
    ['counters', { counters: undefined }, 'packets that are lost'],
    ['sysctls', { table: undefined }, 'a full conntrack table'],
    ['listeners', { claims: [] }, 'conflicts with listening sockets'],
    ['nat-rules-backend', {}, 'nat-rules-backend was not read'],
  ] as const)('replaces a node that is fine when %s left a check with nothing to look at', (id, absent, fault) => {
    const facts = { ...nodeFactsFixture({ flows: flowsFixture(10), gaps: [gapFixture(id)] }), ...absent };
    expect(diagnose(facts).findings.map(({ check, severity }) => [check, severity])).toEqual([
      ['cannot-tell', 'unknown'],
    ]);
    expect(diagnose(facts).findings[0]?.sentence).toBe(
      `Ports suffice in what was read. What would not show in it: ${fault}.`,
    );
    // The ports of the space itself were seen.
    expect(verdictOf(facts)).toBe('fine');
  });

  it('says beside rules that were not read how many flows the others cannot have given their ports', () => {
    const because = (port: number): string =>
      diagnose(
        nodeFactsFixture({
          range: { first: 32_768, last: 65_535 },
          flows: [...flowsFixture(20, { port, sourcePort: 1 }), ...flowsFixture(20, { sourcePort: 1 })],
          gaps: [gapFixture('nat-rules-backend')],
        }),
      ).findings[0]?.because.join(' ') ?? '';
    expect(because(20_000)).toContain(
      '20 of 40 tcp flows looked at use a port outside 32768-65535: a rule that was not read',
    );
    expect(because(40_000)).not.toContain('outside');
  });

  it('asks for all files at once that would close what is missing', () => {
    const saved = (id: 'flows' | 'nat-rules', remedy: string) => ({ ...gapFixture(id), remedy });
    const gaps = [
      saved('flows', 'sudo conntrack -L > flows.txt'),
      saved('nat-rules', 'sudo iptables-save > rules.txt'),
    ];
    expect(diagnose(nodeFactsFixture({ gaps })).findings[0]?.remedy).toBe(
      'sudo conntrack -L > flows.txt; sudo iptables-save > rules.txt',
    );
    const refused = saved('flows', 'sudo portolan diagnose');
    expect(diagnose(nodeFactsFixture({ gaps: [refused, ...gaps.slice(1)] })).findings[0]?.remedy).toBe(refused.remedy);
  });

  it('stays silent about a counter or socket more where the check had enough to look at', () => {
    const facts = nodeFactsFixture({ flows: flowsFixture(10), gaps: [gapFixture('counters'), gapFixture('sysctls')] });
    expect(diagnose(facts).findings.map(({ check }) => check)).toEqual(['fine']);
  });

  it('speaks of growth where much is in use and no arrival was seen', () => {
    const facts = (count: number) => ({
      ...nodeFactsFixture({ range: RANGE, flows: scatter(flowsFixture(count), RANGE), gaps: [gapFixture('events')] }),
      arrivals: undefined,
    });
    expect(verdictOf(facts(260))).toBe('cannot-tell');
    expect(verdictOf(facts(240))).toBe('fine');
    expect(diagnose(facts(260)).portSpaces[0]?.findings[0]?.sentence).toMatch(/^Ports are left towards/);
  });

  it('does not wonder about a few losses while closing entries fill a space', () => {
    const counters = countersFixture({ insertFailed: 4, drop: 4, found: 9600 });
    expect(
      diagnose(nodeFactsFixture({ range: RANGE, flows: closingFixture(1000, { port: 40_000 }), counters })).severity,
    ).toBe('ok');
  });

  it('speaks when searches fail although no space seen is full', () => {
    const counters = countersFixture({ insertFailed: 10, drop: 10, found: 2480 });
    const facts = nodeFactsFixture({ range: RANGE, flows: flowsFixture(10, { port: 40_000 }), counters });
    expect(diagnose(facts).severity).toBe('unknown');
    expect(findingOf(facts, 'cannot-tell')?.sentence).toContain('the full one was not visible');
  });

  it('is silent when enough was seen, and leaves a fault standing', () => {
    expect(findingOf(nodeFactsFixture({ flows: flowsFixture(10) }), 'cannot-tell')).toBeUndefined();
    const full = nodeFactsFixture({
      range: RANGE,
      flows: flowsFixture(1000, { port: 40_000 }),
      gaps: [gapFixture('nat-rules')],
    });
    expect(verdictOf(full)).toBe('exhausted');
    expect(diagnose(full).severity).toBe('critical');
  });
});
