import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NODE,
  RANGE_ANNOTATION as ANNOTATION,
  UNREAD,
  answer,
  configuration,
  environment,
  factsOf,
  seen,
  variable,
} from '../../../test/analysis/felix-facts-fixture.ts';
import { type FelixRangeFacts, effectiveNatPortRange } from './felix-range.ts';
import type { EffectiveNatPortRange, RangeTrapId } from './range-chain.ts';

function range(first: number, last = 65_535): EffectiveNatPortRange['range'] {
  return { kind: 'range', range: { first, last } };
}

function trapIds({ traps }: EffectiveNatPortRange): RangeTrapId[] {
  return traps.map(({ id }) => id);
}

function roleOf({ layers }: EffectiveNatPortRange, id: string): string | undefined {
  return layers.find((layer) => layer.id === id)?.role;
}

const POOL = { nodeSelector: 'pool == "egress"' };
const ALL_LAYERS = [
  configuration('node.worker-3', '20000:65535', { annotations: { [ANNOTATION]: '19000:65535' } }),
  configuration('egress', '22000:65535', { ...POOL, annotations: { [ANNOTATION]: '21000:65535' } }),
  configuration('default', '24000:65535', { annotations: { [ANNOTATION]: '23000:65535' } }),
];

describe('who rules', () => {
  it('goes down the chain, one layer at a time', () => {
    const bare = ALL_LAYERS.map((object) => ({ ...object, annotations: {} }));
    const file = environment({ configFile: seen('[global]\nNATPortRange = 18000:65535\n') });
    const steps: readonly (readonly [FelixRangeFacts, number, string])[] = [
      [factsOf(ALL_LAYERS, { environment: variable('17000:65535') }), 17_000, 'environment'],
      [factsOf(ALL_LAYERS, { environment: file }), 18_000, 'config-file'],
      [factsOf(ALL_LAYERS), 19_000, 'node-annotation'],
      [factsOf(bare), 20_000, 'node'],
      [factsOf(ALL_LAYERS.slice(1)), 21_000, 'selector-annotation'],
      [factsOf(bare.slice(1)), 22_000, 'selector'],
      [factsOf(ALL_LAYERS.slice(2)), 23_000, 'default-annotation'],
      [factsOf(bare.slice(2)), 24_000, 'default'],
    ];
    for (const [facts, first, ruling] of steps) {
      const found = effectiveNatPortRange(NODE, facts);
      expect(found).toMatchObject({ range: range(first), ruling, confidence: 'high', gaps: [] });
      expect(found.layers.filter(({ role }) => role === 'rules').map(({ id }) => id)).toEqual([ruling]);
    }
    expect(answer([])).toMatchObject({ range: { kind: 'none' }, ruling: 'built-in', confidence: 'high' });
  });

  it('shows every layer, highest first, and which are shadowed', () => {
    const found = answer(ALL_LAYERS, { environment: variable('17000:65535') });
    expect(found.layers.map(({ id, role }) => `${id} ${role}`)).toEqual([
      'environment rules',
      'config-file silent',
      'node-annotation shadowed',
      'node shadowed',
      'selector-annotation shadowed',
      'selector shadowed',
      'default-annotation shadowed',
      'default shadowed',
      'built-in silent',
    ]);
  });

  it("does not follow another node's object", () => {
    expect(answer([configuration('node.worker-4', '20000:65535')])).toMatchObject({ range: { kind: 'none' } });
  });

  it('takes the name of the variable without regard to case, the last of two', () => {
    expect(answer([], { environment: variable('17000:65535', 'felix_NatPortRange') })).toMatchObject({
      range: range(17_000),
    });
    const both = environment({ variables: { FELIX_NATPORTRANGE: '1:2', felix_natportrange: '17000:65535' } });
    expect(answer([], { environment: both })).toMatchObject({ range: range(17_000) });
  });

  it.each([
    ['natportrange=18000:65535', range(18_000)],
    ['NATPortRange: 18000:65535 ; why', range(18_000)],
    ['NATPortRange = "18000:65535"', range(18_000)],
    ['NATPortRange = 1:2\r\nNATPortRange = 18000:65535', range(18_000)],
    ['# NATPortRange = 18000:65535', { kind: 'none' }],
    ['; NATPortRange = 18000:65535', { kind: 'none' }],
    ['NATPortRangeX = 18000:65535', { kind: 'none' }],
    ['NATPortRange =', { kind: 'none' }],
    ['[global]\nMetadataAddr = None\nLogFilePath = None', { kind: 'none' }],
  ] as const)('reads felix.cfg: %s', (text, wanted) => {
    expect(answer([], { environment: environment({ configFile: seen(text) }) }).range).toEqual(wanted);
  });
});

describe('what a layer says', () => {
  const below = configuration('default', '24000:65535');

  it('falls through when empty, in a variable, a file and an annotation', () => {
    expect(answer([below], { environment: variable('') })).toMatchObject({ range: range(24_000), ruling: 'default' });
    const hollow = configuration('node.worker-3', undefined, { annotations: { [ANNOTATION]: '' } });
    expect(answer([hollow, below])).toMatchObject({ range: range(24_000), ruling: 'default' });
  });

  it('is hidden by an empty annotation of the same object, and the next layer speaks', () => {
    const hidden = configuration('node.worker-3', '20000:65535', { annotations: { [ANNOTATION]: '' } });
    const found = answer([hidden, below]);
    expect(found).toMatchObject({ range: range(24_000), ruling: 'default' });
    expect(roleOf(found, 'node')).toBe('shadowed');
  });

  it('is an explicit "no range" for none and 0, without a trap', () => {
    for (const value of ['none', 'NONE', 0, '0'])
      expect(answer([configuration('node.worker-3', value), below])).toMatchObject({
        range: { kind: 'none' },
        ruling: 'node',
        traps: [],
      });
  });

  it('is the built-in default where Felix cannot use it, never the next layer', () => {
    const found = answer([configuration('node.worker-3', '20000-65535'), below]);
    expect(found).toMatchObject({ range: { kind: 'none' }, ruling: 'node' });
    expect(found.traps[0]).toMatchObject({
      id: 'named-port',
      repair: `kubectl patch felixconfigurations.crd.projectcalico.org node.worker-3 --type=json -p '[{"op":"replace","path":"/spec/natPortRange","value":"20000:65535"}]'`,
    });
    expect(answer([below], { environment: variable('70000:1') })).toMatchObject({
      range: { kind: 'none' },
      ruling: 'environment',
      traps: [{ id: 'unusable-text' }, { id: 'environment-rules' }],
    });
    const http = answer([configuration('node.worker-3', 'http', { apiGroup: 'projectcalico.org/v3' }), below]);
    expect(http.traps[0]?.repair).toBe(
      `kubectl patch felixconfigurations.projectcalico.org node.worker-3 --type=json -p '[{"op":"remove","path":"/spec/natPortRange"}]'`,
    );
  });

  it('is trapped where it is one port or holds ports of servers', () => {
    expect(answer([configuration('default', 1024)])).toMatchObject({
      range: range(1024, 1024),
      traps: [{ id: 'one-port' }],
    });
    expect(trapIds(answer([configuration('default', '512:65535')]))).toEqual(['privileged-ports']);
  });
});

describe('an object that no Felix can read', () => {
  const poison = configuration('node.worker-9', '70000:1');

  it('freezes every node, with the repair', () => {
    const found = answer([configuration('default', '24000:65535'), poison]);
    expect(found).toMatchObject({ range: { kind: 'frozen' }, confidence: 'low' });
    expect(found.ruling).toBeUndefined();
    expect(roleOf(found, 'default')).toBe('not-read');
    expect(found.traps[0]).toMatchObject({
      id: 'undecodable',
      place: 'FelixConfiguration node.worker-9',
      reach: 'every node of the cluster',
      repair: `kubectl patch felixconfigurations.crd.projectcalico.org node.worker-9 --type=json -p '[{"op":"remove","path":"/spec/natPortRange"}]'`,
    });
  });

  it('leaves the variable in force, and is still a trap', () => {
    const found = answer([poison], { environment: variable('17000:65535') });
    expect(found).toMatchObject({ range: range(17_000), ruling: 'environment', confidence: 'high' });
    expect(trapIds(found)).toEqual(['undecodable', 'environment-rules']);
  });

  it('is one even where an annotation takes the place of its value', () => {
    expect(answer([{ ...poison, annotations: { [ANNOTATION]: '20000:65535' } }]).range.kind).toBe('frozen');
  });
});

describe('what was not read', () => {
  const fallback = configuration('default', '24000:65535');

  it('weakens the answer only where it stands above the ruling layer', () => {
    expect(answer([fallback], { environment: UNREAD })).toMatchObject({
      range: range(24_000),
      confidence: 'low',
      gaps: [{ id: 'felix-environment' }, { id: 'felix-config-file' }],
    });
    expect(answer([fallback], { environment: environment({ configFile: UNREAD }) })).toMatchObject({
      range: range(24_000),
      confidence: 'medium',
    });
    const ruled = environment({ variables: { FELIX_NATPORTRANGE: '17000:65535' }, configFile: UNREAD });
    expect(answer([fallback], { environment: ruled })).toMatchObject({ confidence: 'high', gaps: [] });
  });

  it('is no answer where it is known to say something', () => {
    const unread = [{ name: 'FELIX_NATPORTRANGE', from: 'Secret calico-system/felix key range' }];
    const found = answer([fallback], { environment: environment({ unread }) });
    expect(found).toMatchObject({ range: { kind: 'unknown' }, confidence: 'low' });
    expect(roleOf(found, 'environment')).toBe('not-read');
    expect(roleOf(found, 'default')).toBe('shadowed');
  });

  it('is a lesser doubt for a whole ConfigMap, and none where the variable is set outright', () => {
    const unread = [{ from: 'ConfigMap kube-system/kubernetes-services-endpoint' }];
    expect(answer([fallback], { environment: environment({ unread }) })).toMatchObject({
      range: range(24_000),
      confidence: 'medium',
    });
    const both = environment({ unread, variables: { FELIX_NATPORTRANGE: '17000:65535' } });
    expect(answer([fallback], { environment: both })).toMatchObject({ range: range(17_000), confidence: 'high' });
  });

  it('of the objects leaves the variable alone to be known', () => {
    expect(answer([], { configurations: UNREAD })).toMatchObject({ range: { kind: 'unknown' } });
    const found = answer([], { configurations: UNREAD, environment: variable('17000:65535') });
    expect(found).toMatchObject({ range: range(17_000), confidence: 'high' });
  });
});

describe('any facts', () => {
  const values = fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'none',
    0,
    1024,
    '24000:65535',
    '1:2',
    '1-2',
    '9:1',
    'x y',
  );
  const texts = fc.constantFrom('', 'none', '24000:65535', 'x', '9:1', '1024');
  const names = fc.constantFrom('default', 'node.worker-3', 'node.worker-4', 'a', 'b');
  const objects = fc.record({ name: names, value: values, annotation: fc.option(texts), selects: fc.boolean() });

  it('have one ruling layer or none, and a lower one that says nothing new changes nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(objects, { selector: ({ name }) => name }), fc.option(texts), (list, text) => {
        const configurations = list.map(({ name, value, annotation, selects }) =>
          configuration(name, value, {
            ...(annotation === null ? {} : { annotations: { [ANNOTATION]: annotation } }),
            ...(selects ? POOL : {}),
          }),
        );
        const found = answer(configurations, text === null ? {} : { environment: variable(text) });
        const ruling = found.layers.filter(({ role }) => role === 'rules');
        expect(ruling).toHaveLength(found.range.kind === 'range' || found.range.kind === 'none' ? 1 : 0);
        expect(ruling[0]?.id).toBe(found.ruling);
        const above = found.layers.slice(
          0,
          found.layers.findIndex(({ role }) => role === 'rules'),
        );
        if (ruling.length > 0) expect(above.every(({ role }) => role === 'silent' || role === 'shadowed')).toBe(true);
        expect(found.layers).toHaveLength(9);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});
