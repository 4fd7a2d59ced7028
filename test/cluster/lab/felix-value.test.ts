// The table of values that Calico takes for natPortRange, row by row.
import { describe, expect, it } from 'vitest';
import { felixConfig, type FelixObject } from './felix-layers.ts';
import { decodeStored, parseForFelix } from './felix-value.ts';

describe('natPortRange', () => {
  it.each([
    ['32768:65535', { first: 32_768, last: 65_535 }],
    ['1024', { first: 1024, last: 1024 }],
    [1024, { first: 1024, last: 1024 }],
    [0, undefined],
    ['0', undefined],
    ['0:65535', { first: 0, last: 65_535 }],
    ['512:65535', { first: 512, last: 65_535 }],
    ['32768-65535', undefined],
    ['http', undefined],
  ])('%j is read', (stored, ports) => {
    const text = decodeStored(stored);
    expect(text).toBeDefined();
    expect(parseForFelix(text ?? '')).toEqual(ports);
  });

  it.each(['70000:1', '1:70000', 70_000, -1, '65535:1024', '', '32768: 65535', '1024 ', 1.5, true])(
    '%j makes its object unreadable',
    (stored) => expect(decodeStored(stored)).toBeUndefined(),
  );

  it.each(['70000:1', 'http', '32768: 65535'])('%j from elsewhere is the built-in value', (text) =>
    expect(parseForFelix(text)).toBeUndefined(),
  );
});

function object(name: string, spec: object, more: object = {}): FelixObject {
  return { metadata: { name, creationTimestamp: '2024-01-01T00:00:00Z', ...more }, spec: { ...spec } };
}

describe('the layers', () => {
  const place = { node: 'a', labels: { pool: 'edge' }, env: [] };
  const everywhere = object('default', { natPortRange: '1000:1001' });
  const here = object('node.a', { natPortRange: '2000:2001' });
  const edge = object('edge', { nodeSelector: "pool == 'edge'", natPortRange: '3000:3001' });
  const annotated = { annotations: { 'config.projectcalico.org/NATPortRange': '4000:4001' } };
  const folded = { 'projectcalico.org/metadata': JSON.stringify(annotated) };
  it.each([
    ['nothing', [], undefined],
    ['default', [everywhere], 1000],
    ['a selector over default', [everywhere, edge], 3000],
    ['the node over both', [everywhere, here, edge], 2000],
    ['no object of another node', [object('node.b', { natPortRange: 5000 }), everywhere], 1000],
    ['no selector of other nodes', [object('x', { nodeSelector: "pool == 'b'", natPortRange: 5000 })], undefined],
    ['an empty layer is none', [everywhere, object('node.a', {})], 1000],
    ['a node that switches it off', [everywhere, object('node.a', { natPortRange: 'none' })], undefined],
    ['an annotation over its field', [object('default', { natPortRange: 1000 }, annotated)], 4000],
    ['an annotation inside the metadata', [object('default', {}, { annotations: folded })], 4000],
    ['a name hides what is below it', [everywhere, object('node.a', { natPortRange: 'http' })], undefined],
  ])('%s', (_, objects, first) => {
    expect(felixConfig(objects, place)?.ports?.first).toBe(first);
    expect(felixConfig(objects, place)).toBeDefined();
  });

  it('the variable over all', () => {
    const env = [{ name: 'Felix_NatPortRange', value: '6000:6001' }];
    expect(felixConfig([everywhere, here], { ...place, env })?.ports?.first).toBe(6000);
    const empty = [{ name: 'FELIX_NATPORTRANGE', value: '' }];
    expect(felixConfig([everywhere, here], { ...place, env: empty })?.ports?.first).toBe(2000);
  });

  it('the oldest of two selectors, then the first by name', () => {
    const newer = object('a', { nodeSelector: "pool == 'edge'", natPortRange: 7000 }, { creationTimestamp: '2025' });
    const same = object('b', { nodeSelector: "pool == 'edge'", natPortRange: 8000 });
    expect(felixConfig([newer, edge, same], place)?.ports?.first).toBe(8000);
  });

  it('one unreadable object is the end of reading', () => {
    expect(felixConfig([everywhere, object('node.b', { natPortRange: '70000:1' })], place)).toBeUndefined();
  });

  it('other fields are of the layer that rules them', () => {
    const objects = [object('default', { vxlanPort: 1, healthPort: 2 }), object('node.a', { vxlanPort: 3 })];
    expect(felixConfig(objects, place)?.others).toEqual({ vxlanPort: 3, healthPort: 2 });
  });
});
