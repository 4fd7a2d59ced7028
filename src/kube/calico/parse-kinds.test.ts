// Everything that is taken out of JSON of the API: no shape of it may throw, and only what stands there is taken.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClusterNode } from '../../core/kube-objects/parse-cluster-node.ts';
import { parseClusterInformation, parseIpPool } from '../../core/kube-objects/parse-calico-kinds.ts';
import { parseFelixConfiguration } from '../../core/kube-objects/parse-felix-configuration.ts';
import { parseNetworkDaemonSet } from '../../core/kube-objects/parse-network-daemon-set.ts';

const PARSERS: Readonly<Record<string, (object: unknown) => unknown>> = {
  parseClusterNode,
  parseIpPool,
  parseClusterInformation,
  parseFelixConfiguration: (object) => parseFelixConfiguration(object, 'crd.projectcalico.org/v1'),
  parseNetworkDaemonSet,
};

/** Objects with the keys that the parsers look for, holding anything. */
const LIKELY = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.jsonValue({ maxDepth: 1 }),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      'metadata',
      'name',
      'namespace',
      'labels',
      'annotations',
      'spec',
      'template',
      'containers',
      'env',
      'value',
      'status',
      'valueFrom',
      'secretKeyRef',
      'envFrom',
      'secretRef',
      'prefix',
      'addresses',
      'nodeInfo',
      'cidr',
      'kubeNodePortRanges',
    ),
    fc.oneof(tie('value'), fc.constantFrom('calico-node', 'felix_x', 'FELIX_NATPORTRANGE')),
  ),
})).value;

describe.each(Object.entries(PARSERS))('%s', (_, parse) => {
  it('takes any JSON without throwing', () => {
    fc.assert(
      fc.property(LIKELY, (object) => void parse(object)),
      { seed: 4, numRuns: 2000 },
    );
  });
});

function daemonSet(env: readonly object[], more: object = {}) {
  const containers = [
    { name: 'other', env: [{ name: 'FELIX_OTHER', value: 'x' }] },
    { name: 'calico-node', env, ...more },
  ];
  return {
    metadata: { name: 'calico-node', namespace: 'calico-system' },
    spec: { template: { spec: { containers } } },
    status: { desiredNumberScheduled: 5, updatedNumberScheduled: 3 },
  };
}

describe('the environment of calico-node', () => {
  it('is what stands there; the last of two wins; others are left out', () => {
    const env = [
      { name: 'FELIX_NATPORTRANGE', value: '1:2' },
      { name: 'Felix_VXLANPort', value: '4790' },
      { name: 'PASSWORD', value: 'x' },
      { name: 'FELIX_NATPORTRANGE', value: '3:4' },
    ];
    expect(parseNetworkDaemonSet(daemonSet(env))).toMatchObject({
      network: 'calico',
      place: 'calico-system/calico-node',
      outdatedPods: 2,
      environment: { variables: { FELIX_NATPORTRANGE: '3:4', Felix_VXLANPort: '4790' }, unread: [] },
    });
    expect(JSON.stringify(parseNetworkDaemonSet(daemonSet(env)))).not.toContain('PASSWORD');
  });

  it.each([
    [{ valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }, 'Secret calico-system/s key k'],
    [{ valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }, 'ConfigMap calico-system/m key k'],
    [{ valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }, 'field spec.nodeName of the pod'],
    [{ value: '$(OTHER):65535' }, 'the reference $(OTHER):65535'],
  ])('names what comes from elsewhere: %j', (source, from) => {
    const parsed = parseNetworkDaemonSet(daemonSet([{ name: 'FELIX_NATPORTRANGE', ...source }]));
    expect(parsed?.environment).toEqual({ variables: {}, unread: [{ name: 'FELIX_NATPORTRANGE', from }] });
  });

  it.each([
    [{ configMapRef: { name: 'm' } }, [{ from: 'ConfigMap calico-system/m' }]],
    [{ secretRef: { name: 's' }, prefix: 'FELIX_' }, [{ from: 'Secret calico-system/s' }]],
    [{ secretRef: { name: 's' }, prefix: 'FE' }, [{ from: 'Secret calico-system/s' }]],
    [{ secretRef: { name: 's' }, prefix: 'OTHER_' }, []],
  ])('may come from a whole source: %j', (source, unread) => {
    expect(parseNetworkDaemonSet(daemonSet([], { envFrom: [source] }))?.environment?.unread).toEqual(unread);
  });
});

describe('a FelixConfiguration', () => {
  it.each([0, '70000:1', null, true, [1], { a: 1 }])('keeps the range %j as stored', (natPortRange) => {
    const object = { metadata: { name: 'default' }, spec: { natPortRange } };
    expect(parseFelixConfiguration(object, 'projectcalico.org/v3')?.natPortRange).toEqual(natPortRange);
  });
});

describe('another network', () => {
  it.each([
    ['cilium', 'cilium'],
    ['ovnkube-node', 'ovn-kubernetes'],
    ['aws-node', 'other'],
    ['fluentd', undefined],
    ['constructor', undefined],
  ])('%s is %s', (name, network) => {
    expect(parseNetworkDaemonSet({ metadata: { name, namespace: 'kube-system' } })?.network).toBe(network);
  });
});
