import { describe, expect, it } from 'vitest';
import { UNREAD, answer, configuration, seen } from '../../../test/analysis/felix-facts-fixture.ts';
import type { EffectiveNatPortRange } from './range-chain.ts';

function range(first: number): EffectiveNatPortRange['range'] {
  return { kind: 'range', range: { first, last: 65_535 } };
}

const POOL = { nodeSelector: 'pool == "egress"' };

describe('objects with a node selector', () => {
  const fallback = configuration('default', '24000:65535');
  const old = { ...POOL, creationTimestamp: '2026-01-01T00:00:00Z' };
  const young = { ...POOL, creationTimestamp: '2026-02-01T00:00:00Z' };

  it('rule by age alone, the oldest also where it says nothing', () => {
    const both = [configuration('a', '21000:65535', young), configuration('b', '22000:65535', old), fallback];
    const found = answer(both);
    expect(found).toMatchObject({ range: range(22_000), ruling: 'selector', traps: [{ id: 'selectors-compete' }] });
    const silent = [configuration('a', '21000:65535', young), configuration('b', undefined, old), fallback];
    expect(answer(silent)).toMatchObject({ range: range(24_000), ruling: 'default' });
  });

  it('of one age rule by name, and take their age from the metadata of the v3 object', () => {
    const both = [configuration('b', '22000:65535', old), configuration('a', '21000:65535', old)];
    expect(answer(both).range).toEqual(range(21_000));
    const annotations = { 'projectcalico.org/metadata': '{"creationTimestamp":"2025-01-01T00:00:00Z"}' };
    expect(answer([configuration('b', '22000:65535', { ...young, annotations }), ...both.slice(1)]).range).toEqual(
      range(22_000),
    );
  });

  it('do not rule nodes they do not select, or nobody without a selector', () => {
    expect(answer([configuration('a', '21000:65535', { nodeSelector: '!has(pool)' }), fallback]).range).toEqual(
      range(24_000),
    );
    expect(answer([configuration('a', '21000:65535'), fallback])).toMatchObject({
      range: range(24_000),
      traps: [{ id: 'selector-ignored' }],
    });
  });

  it('are nothing to Calico before 3.32', () => {
    const found = answer([configuration('a', '21000:65535', POOL), fallback], { calicoVersion: seen('v3.31.6') });
    expect(found).toMatchObject({ range: range(24_000), confidence: 'high', traps: [{ id: 'selector-ignored' }] });
  });

  it.each([
    ['the version', { calicoVersion: UNREAD }, 'calico-version'],
    ['a version that is none', { calicoVersion: seen('master') }, 'calico-version'],
    ['the labels', { labels: UNREAD }, 'node-labels'],
  ] as const)('without %s leave a gap', (_, more, id) => {
    const found = answer([configuration('a', '21000:65535', POOL), fallback], more);
    expect(found).toMatchObject({ range: range(24_000), confidence: 'low', gaps: [{ id }] });
    expect(answer([fallback], more)).toMatchObject({ confidence: 'high', gaps: [] });
  });

  it('that are not understood leave a gap, not a guess', () => {
    const found = answer([configuration('a', '21000:65535', { nodeSelector: 'pool = "egress"' }), fallback]);
    expect(found).toMatchObject({ range: range(24_000), confidence: 'low', gaps: [{ id: 'node-selector' }] });
    const own = configuration('node.worker-3', '20000:65535');
    expect(answer([configuration('a', '21000:65535', { nodeSelector: 'pool = "egress"' }), own])).toMatchObject({
      confidence: 'high',
      gaps: [],
    });
  });
});
