import { describe, expect, it } from 'vitest';
import { parsePod } from './parse-pod.ts';
import { SharedWorkloads } from './shared-workloads.ts';

interface Changes {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}

function parse({ metadata = {}, spec = {}, status = {} }: Changes = {}, shared = new SharedWorkloads()) {
  const object = {
    metadata: { name: 'checkout-7f8d-x2x9p', namespace: 'payments', ...metadata },
    spec: { nodeName: 'worker-3', containers: [], ...spec },
    status: { phase: 'Running', podIPs: [{ ip: '172.30.1.7' }], ...status },
  };
  return parsePod(object, shared);
}

describe('a pod', () => {
  it('is kept with its place, its address and its start', () => {
    expect(parse({ status: { startTime: '2026-01-02T03:04:05Z' } })).toEqual({
      namespace: 'payments',
      name: 'checkout-7f8d-x2x9p',
      node: 'worker-3',
      addresses: ['172.30.1.7'],
      isHostNetwork: false,
      hostPorts: [],
      workload: { kind: 'Pod', namespace: 'payments', name: 'checkout-7f8d-x2x9p' },
      startedAt: '2026-01-02T03:04:05Z',
    });
  });

  it.each([
    ['Succeeded', undefined],
    ['Failed', undefined],
    ['Pending', 'worker-3'],
    ['Unknown', 'worker-3'],
  ])('in phase %s has the node %s', (phase, node) => {
    expect(parse({ status: { phase } })?.node).toBe(node);
  });

  it.each([undefined, '', null, 7])('on node %s is on none', (nodeName) => {
    expect(parse({ spec: { nodeName } })).toBeUndefined();
  });

  it('has all its addresses, in one spelling', () => {
    const podIPs = [
      { ip: '10.0.0.9' },
      { ip: 'FD00:0:0::0009' },
      { ip: 'nonsense' },
      { ip: '10.0.0.9.' },
      { ip: '10.0.0.256' },
      {},
      null,
    ];
    expect(parse({ status: { podIPs } })?.addresses).toEqual(['10.0.0.9', 'fd00::9']);
    expect(parse({ status: { podIPs: undefined, podIP: '10.0.0.1' } })?.addresses).toEqual(['10.0.0.1']);
    expect(parse({ status: { podIPs: undefined } })?.addresses).toEqual([]);
  });

  it('takes the hostPorts of all its containers', () => {
    const spec = {
      containers: [{ ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81 }] }, {}],
      initContainers: [{ ports: [{ containerPort: 53, hostPort: 53, protocol: 'UDP', hostIP: '0.0.0.0' }] }],
      ephemeralContainers: [{ ports: [{ containerPort: 9, hostPort: 9, protocol: 'SCTP', hostIP: '192.0.2.3' }] }],
    };
    expect(parse({ spec })?.hostPorts).toEqual([
      { protocol: 6, port: 8080 },
      { protocol: 17, port: 53 },
      { protocol: 132, port: 9, address: '192.0.2.3' },
    ]);
  });

  it('with hostNetwork takes the ports of its containers', () => {
    const spec = { hostNetwork: true, containers: [{ ports: [{ containerPort: 9091 }] }] };
    expect(parse({ spec })).toMatchObject({ isHostNetwork: true, hostPorts: [{ protocol: 6, port: 9091 }] });
  });

  it('is known by what controls it, not by any other owner', () => {
    const ownerReferences = [
      { kind: 'Other', name: 'watcher', controller: false },
      { kind: 'ReplicaSet', name: 'checkout-7f8d', controller: true },
    ];
    expect(parse({ metadata: { ownerReferences } })?.workload).toEqual({
      kind: 'ReplicaSet',
      namespace: 'payments',
      name: 'checkout-7f8d',
    });
  });

  it('that is static is known by its name without that of its node', () => {
    const metadata = {
      name: 'kube-apiserver-worker-3',
      annotations: { 'kubernetes.io/config.mirror': 'abc' },
      ownerReferences: [{ kind: 'Node', name: 'worker-3', controller: true }],
    };
    expect(parse({ metadata })?.workload).toEqual({ kind: 'Node', namespace: 'payments', name: 'kube-apiserver' });
  });

  it('shares its workload with the other pods of it', () => {
    const shared = new SharedWorkloads();
    const metadata = { ownerReferences: [{ kind: 'DaemonSet', name: 'agent', controller: true }] };
    expect(parse({ metadata }, shared)?.workload).toBe(
      parse({ metadata: { ...metadata, name: 'b' } }, shared)?.workload,
    );
  });

  it.each([undefined, null, 'pod', 7, [], { metadata: 1, spec: 2, status: 3 }, { spec: { nodeName: 'a' } }])(
    'is not read from %j',
    (object) => {
      expect(parsePod(object, new SharedWorkloads())).toBeUndefined();
    },
  );
});
