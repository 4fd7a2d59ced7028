import { describe, expect, it } from 'vitest';
import { RANGE_ANNOTATION as ANNOTATION, answer, configuration } from '../../../test/analysis/felix-facts-fixture.ts';
import type { FelixConfiguration } from '../model/calico/felix-configuration.ts';
import type { EffectiveNatPortRange, RangeTrapId } from './range-chain.ts';

function range(first: number): EffectiveNatPortRange['range'] {
  return { kind: 'range', range: { first, last: 65_535 } };
}

function trapIds({ traps }: EffectiveNatPortRange): RangeTrapId[] {
  return traps.map(({ id }) => id);
}

describe('annotations', () => {
  const inside = (text: string): Record<string, string> => ({
    'projectcalico.org/metadata': JSON.stringify({ annotations: { [ANNOTATION]: text }, creationTimestamp: null }),
  });

  it('beat the spec of their object and nothing else', () => {
    const annotated = configuration('default', '24000:65535', { annotations: { [ANNOTATION]: '23000:65535' } });
    const found = answer([annotated, configuration('node.worker-3', '20000:65535')]);
    expect(found).toMatchObject({ range: range(20_000), ruling: 'node' });
    expect(trapIds(answer([annotated]))).toEqual(['annotation-rules']);
  });

  it('count inside the metadata of a v1 object, less surely, and not on a v3 object', () => {
    const annotated = configuration('default', '24000:65535', { annotations: inside('23000:65535') });
    expect(answer([annotated])).toMatchObject({
      range: range(23_000),
      confidence: 'low',
      gaps: [{ id: 'calico-version' }],
    });
    expect(answer([{ ...annotated, apiGroup: 'projectcalico.org/v3' }])).toMatchObject({ range: range(24_000) });
  });

  it('inside win over those outside', () => {
    const annotations = { ...inside('23000:65535'), [ANNOTATION]: '22000:65535' };
    expect(answer([configuration('default', undefined, { annotations })]).range).toEqual(range(23_000));
  });

  it('that cannot be read are a gap', () => {
    const annotations = { 'projectcalico.org/metadata': '{' };
    expect(answer([configuration('default', '24000:65535', { annotations })])).toMatchObject({
      range: range(24_000),
      confidence: 'low',
      gaps: [{ id: 'felix-configurations' }],
    });
  });

  it('in another spelling are either or, unless both say the same', () => {
    const spelled = (text: string): FelixConfiguration =>
      configuration('default', '24000:65535', { annotations: { 'config.projectcalico.org/natPortRange': text } });
    const found = answer([spelled('23000:65535')]);
    expect(found).toMatchObject({ range: { kind: 'unknown' }, traps: [{ id: 'annotation-spelling' }] });
    expect(answer([spelled('24000:65535')]).range).toEqual(range(24_000));
    expect(answer([{ ...spelled('23000:65535'), natPortRange: undefined }]).range).toEqual(range(23_000));
  });
});
