// What the API server says of a lab is what the lab is; and nothing of either stays behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAnswer, textAt, valueAt } from '../api-request.ts';
import { calicoPath } from '../calico-kinds.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { until } from '../until.ts';
import { LabCluster } from './lab-cluster.ts';
import { CHECKOUT } from './lab-cluster-options.ts';

async function list(path: string): Promise<readonly unknown[]> {
  const items = valueAt(await expectAnswer(sharedCluster().admin, { path }, 200), 'items');
  return Array.isArray(items) ? items : [];
}

const names = (items: readonly unknown[]): string[] => items.map((item) => textAt(item, 'metadata', 'name')).toSorted();

/** Kinds and names from a pod's owner up, as far as controllers are named. */
async function ownersOf(pod: unknown): Promise<string[]> {
  const namespace = textAt(pod, 'metadata', 'namespace');
  const [owner] = asList(valueAt(pod, 'metadata', 'ownerReferences'));
  if (owner === undefined || textAt(owner, 'kind') === 'Node') return [];
  const kind = textAt(owner, 'kind');
  const path = `/apis/${textAt(owner, 'apiVersion')}/namespaces/${namespace}/${kind.toLowerCase()}s`;
  const object = (await list(path)).find((each) => valueAt(each, 'metadata', 'uid') === valueAt(owner, 'uid'));
  return [`${kind} ${namespace}/${textAt(owner, 'name')}`, ...(await ownersOf(object))];
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

describeCluster('a lab cluster', () => {
  let cluster: LabCluster;
  let pods: readonly unknown[];
  beforeAll(async () => {
    cluster = await LabCluster.start(sharedCluster(), {
      nodes: 2,
      nodeLabels: (node) => ({ pool: node === 'node-1' ? 'edge' : 'inner' }),
      services: [
        { name: 'checkout', workload: CHECKOUT, kind: 'NodePort', port: 80, nodePort: 30_080 },
        { name: 'checkout-public', workload: CHECKOUT, kind: 'nlb', port: 443, nodePort: 30_443, local: true },
      ],
    });
    pods = await list('/api/v1/pods');
  });
  afterAll(() => cluster.close());

  it('has nodes under the addresses that their pods go out by', async () => {
    const nodes = await list('/api/v1/nodes');
    expect(names(nodes)).toEqual(cluster.nodes.map(({ name }) => name));
    for (const node of cluster.nodes) {
      const object = nodes.find((each) => textAt(each, 'metadata', 'name') === node.name);
      expect(valueAt(object, 'status', 'addresses')).toContainEqual({ type: 'InternalIP', address: node.address });
      expect(valueAt(object, 'spec', 'taints')).toBeUndefined();
      expect(node.host.print('ip', '-o', '-4', 'address', 'show', 'eth0')).toContain(` ${node.address}/`);
    }
    expect(names(await list('/api/v1/nodes?labelSelector=pool%3Dedge'))).toEqual(['node-1']);
  });

  it('has every lab pod, with its address and the workload that it belongs to', async () => {
    const seen = new Map<string, string[]>();
    for (const { name, pods: labPods } of cluster.nodes) {
      for (const pod of labPods) {
        const [object, ...others] = pods.filter((each) => valueAt(each, 'status', 'podIP') === pod.address);
        expect(others).toEqual([]);
        expect(valueAt(object, 'spec', 'nodeName')).toBe(name);
        expect(valueAt(object, 'metadata', 'name')).toBe(pod.name);
        expect(pod.host.print('ip', '-o', '-4', 'address')).toContain(` ${pod.address}/`);
        const owners = (await ownersOf(object)).join(' < ');
        seen.set(owners, [...(seen.get(owners) ?? []), name]);
      }
    }
    const both = ['node-1', 'node-2'];
    expect(Object.fromEntries(seen)).toEqual({
      'ReplicaSet payments/checkout-7d4b9c6f5d < Deployment payments/checkout': both,
      'StatefulSet data/ledger': both,
      'Job reports/nightly-29683860 < CronJob reports/nightly': both,
    });
  });

  it('has pods on the network of their nodes: one with a host port, a static one, and calico-node', () => {
    for (const { name, address, calicoNode } of cluster.nodes) {
      const own = pods.filter(
        (each) => valueAt(each, 'spec', 'nodeName') === name && valueAt(each, 'spec', 'hostNetwork'),
      );
      expect(own.map((each) => valueAt(each, 'status', 'podIP'))).toEqual([address, address, address]);
      expect(names(own)).toEqual([calicoNode.pod, `kube-proxy-${name}`, expect.stringMatching(/^node-exporter-/)]);
      const [calico, proxy, exporter] = names(own).map((each) =>
        own.find((pod) => valueAt(pod, 'metadata', 'name') === each),
      );
      expect(valueAt(calico, 'metadata', 'labels')).toMatchObject({ 'k8s-app': 'calico-node' });
      expect(valueAt(proxy, 'metadata', 'annotations')).toHaveProperty(['kubernetes.io/config.mirror']);
      expect(JSON.stringify(exporter)).toContain('"hostPort":9100');
    }
  });

  it('has the services that were asked for', async () => {
    const services = await list('/api/v1/namespaces/payments/services');
    expect(services).toMatchObject([
      { metadata: { name: 'checkout' }, spec: { type: 'NodePort', ports: [{ nodePort: 30_080 }] } },
      {
        metadata: {
          name: 'checkout-public',
          annotations: { 'service.kubernetes.io/ibm-load-balancer-cloud-provider-enable-features': 'nlb' },
        },
        spec: { type: 'LoadBalancer', ports: [{ nodePort: 30_443 }], healthCheckNodePort: expect.any(Number) },
      },
    ]);
  });

  it('has connections that conntrack and the server see under the address of their node', async () => {
    const [node, server] = [cluster.node(1), cluster.server(0)];
    const [address = ''] = server.addresses;
    await server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address, port: 443, concurrency: 5, count: 20, timeoutMs: 5000, closer: 'keep' } as const;
    expect((await node.pod(0).host.run('tcp-connect', target)).outcomes).toEqual({ opened: 20 });
    const peers = server.host.print('ss', '-Htn', 'state', 'established').trim().split('\n');
    expect(peers).toHaveLength(20);
    expect(peers.every((line) => line.includes(` ${node.address}:`))).toBe(true);
    expect(node.host.print('conntrack', '-L', '-s', node.pod(0).address).trim().split('\n')).toHaveLength(20);
  });
});

describeCluster('when a lab cluster ends', () => {
  it('neither object nor process is left', async () => {
    const cluster = await LabCluster.start(sharedCluster(), { podsPerNode: 1 });
    const { processes } = cluster;
    expect(processes.map((pid) => existsSync(`/proc/${pid}`))).toEqual([true, true]);
    await cluster.close();
    expect(processes.map((pid) => existsSync(`/proc/${pid}`))).toEqual([false, false]);
    await expectNoObjects();
  });

  it('by a kill of its owner, its processes end too, and the next one begins from nothing', async () => {
    const { admin, kubelet, binaries } = sharedCluster();
    const child = fileURLToPath(new URL('./lab-cluster-child.js', import.meta.url));
    const ground = JSON.stringify({ admin, kubelet, binaries });
    const owner = spawn(process.execPath, [child, ground], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(owner, 'exit');
    const started = once(owner.stdout, 'data').finally(() => owner.kill('SIGKILL'));
    const pids = String((await started)[0])
      .trim()
      .split(' ');
    expect(pids).toHaveLength(2);
    await ended;
    await until('its processes have ended', () => !pids.some((pid) => existsSync(`/proc/${pid}`)));
    expect(names(await list('/api/v1/nodes'))).toEqual(['node-1']);
    const next = await LabCluster.start(sharedCluster(), { podsPerNode: 1, workloads: [CHECKOUT] });
    expect(names(await list('/api/v1/namespaces/payments/pods'))).toEqual([next.node(0).pod(0).name]);
    await next.close();
    await expectNoObjects();
  });
});

/** Other files leave their own objects behind, in namespaces of newNamespace. */
function isOfAnotherTest(item: unknown): boolean {
  return String(valueAt(item, 'metadata', 'namespace')).startsWith('test-');
}

async function expectNoObjects(): Promise<void> {
  const kinds = ['/api/v1/nodes', '/api/v1/pods', '/apis/apps/v1/replicasets', '/apis/batch/v1/jobs'];
  for (const path of [...kinds, calicoPath('crd.projectcalico.org', 'FelixConfiguration')]) {
    expect(names((await list(path)).filter((item) => !isOfAnotherTest(item)))).toEqual([]);
  }
  expect(names(await list('/api/v1/namespaces?labelSelector=portolan.dev%2Flab'))).toEqual([]);
}
