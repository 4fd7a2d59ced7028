// A change of natPortRange on the API server becomes kernel rules on every lab node, as Felix brings it about, with all that
// can go wrong. What the rules are is asked of nft and iptables in the nodes' namespaces.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NAT_FLAVOURS } from '../../../src/lab/nat-flavour.ts';
import { apiRequest, expectAnswer, valueAt } from '../api-request.ts';
import { calicoPath } from '../calico-kinds.ts';
import { makeCalico } from '../range-objects.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { until } from '../until.ts';
import { execInPod } from './exec-in-pod.ts';
import { LabCluster } from './lab-cluster.ts';
import type { LabClusterNode } from './lab-cluster-node.ts';
import { podPath } from './lab-pods.ts';
import { outgoingRanges } from './outgoing-ranges.ts';

const CONFIGURATIONS = calicoPath('crd.projectcalico.org', 'FelixConfiguration');

async function patch(cluster: LabCluster, name: string, spec: object): Promise<void> {
  const contentType = 'application/merge-patch+json';
  const request = { method: 'PATCH', path: `${CONFIGURATIONS}/${name}`, contentType, body: { spec } } as const;
  await expectAnswer(cluster.admin, request, 200);
}

function ranges(ports: string): string[] {
  return [`tcp ${ports}`, `udp ${ports}`, 'all any'];
}

async function untilRanges(node: LabClusterNode, wanted: readonly string[]): Promise<void> {
  await until(`${node.name} has ${wanted.join(', ')}`, () => outgoingRanges(node).join() === wanted.join());
}

describeCluster('a changed natPortRange', () => {
  describe.each(NAT_FLAVOURS)('with rules of %s', (flavour) => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start(sharedCluster(), { nodes: 2, podsPerNode: 1, flavour });
    });
    afterAll(() => cluster.close());

    it('is the rules of every node, and new connections obey it', async () => {
      expect(cluster.nodes.map(outgoingRanges)).toEqual([ranges('32768-65535'), ranges('32768-65535')]);
      await patch(cluster, 'default', { natPortRange: '24000:24999' });
      for (const node of cluster.nodes) await untilRanges(node, ranges('24000-24999'));
      expect(cluster.nodes.map(({ felix }) => felix.restarts)).toEqual([1, 1]);
      expect(await portsInUse(cluster)).toSatisfy((port: number) => port >= 24_000 && port <= 24_999);
    });

    it('of one node is that of this node alone, until it is taken away', async () => {
      const [first, second] = [cluster.node(0), cluster.node(1)];
      await patch(cluster, 'default', { natPortRange: '24000:24999' });
      await makeCalico(cluster.admin, { name: `node.${first.name}`, spec: { natPortRange: '30000:30999' } });
      await untilRanges(first, ranges('30000-30999'));
      expect(outgoingRanges(second)).toEqual(ranges('24000-24999'));
      const path = `${CONFIGURATIONS}/node.${first.name}`;
      await expectAnswer(cluster.admin, { method: 'DELETE', path }, 200);
      await untilRanges(first, ranges('24000-24999'));
    });

    it('that is gone leaves one rule', async () => {
      await patch(cluster, 'default', { natPortRange: null });
      for (const node of cluster.nodes) await untilRanges(node, ['all any']);
    });
  });

  describe('when something is wrong', () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      const times = { restartMilliseconds: 50, unreadyMilliseconds: 100 };
      cluster = await LabCluster.start(sharedCluster(), { nodes: 2, podsPerNode: 1, felix: times });
    });
    afterEach(async () => {
      for (const { felix } of cluster.nodes) felix.setFault({});
      await patch(cluster, 'default', { natPortRange: '32768:65535' });
      for (const node of cluster.nodes) {
        await node.felix.untilRunning((ports) => ports?.first === 32_768);
        await until(`${node.name} is ready`, () => isReady(cluster, node));
      }
    });
    afterAll(() => cluster.close());

    it('with a Felix that does not come up again: its old rules stay, its pod is not ready, the other has changed', async () => {
      const [first, second] = [cluster.node(0), cluster.node(1)];
      first.felix.setFault({ neverReady: true });
      await patch(cluster, 'default', { natPortRange: '25000:25999' });
      await untilRanges(second, ranges('25000-25999'));
      await until('its pod is not ready', async () => !(await isReady(cluster, first)));
      expect(outgoingRanges(first)).toEqual(ranges('32768-65535'));
      expect(await isReady(cluster, second)).toBe(true);
      first.felix.setFault({});
      await untilRanges(first, ranges('25000-25999'));
    });

    it('with a Felix that writes nothing, or something else', async () => {
      const [first, second] = [cluster.node(0), cluster.node(1)];
      const before = outgoingRanges(first);
      first.felix.setFault({ neverApplies: true });
      second.felix.setFault({ applies: { first: 1024, last: 1024 } });
      await patch(cluster, 'default', { natPortRange: '26000:26999' });
      for (const { felix } of cluster.nodes) await felix.untilRunning((ports) => ports?.first === 26_000);
      expect(outgoingRanges(first)).toEqual(before);
      expect(outgoingRanges(second)).toEqual(ranges('1024'));
      // afterEach asks for the usual range again; only a change makes Felix write.
      await patch(cluster, 'default', { natPortRange: '26000:26998' });
    });

    it('with a slow one: the old rules until then', async () => {
      const node = cluster.node(0);
      node.felix.setFault({ slowMilliseconds: 400 });
      await patch(cluster, 'default', { natPortRange: '27000:27999' });
      await untilRanges(cluster.node(1), ranges('27000-27999'));
      expect(outgoingRanges(node)).toEqual(ranges('32768-65535'));
      await untilRanges(node, ranges('27000-27999'));
    });

    it('with a value that no client can read: all stay as they are, and one that starts over does not come up', async () => {
      const [first, second] = [cluster.node(0), cluster.node(1)];
      const restarts = second.felix.restarts;
      await patch(cluster, 'default', { natPortRange: '70000:1' });
      await makeCalico(cluster.admin, { name: 'node.node-2', spec: { natPortRange: '28000:28999' } });
      first.felix.restart();
      await until('its pod is not ready', async () => !(await isReady(cluster, first)));
      expect(cluster.nodes.map(outgoingRanges)).toEqual([ranges('32768-65535'), ranges('32768-65535')]);
      expect({ ready: await isReady(cluster, second), restarts: second.felix.restarts }).toEqual({
        ready: true,
        restarts,
      });
      await patch(cluster, 'default', { natPortRange: '29000:29999' });
      await untilRanges(first, ranges('29000-29999'));
      await untilRanges(second, ranges('28000-28999'));
      await apiRequest(cluster.admin, { method: 'DELETE', path: `${CONFIGURATIONS}/node.node-2` });
    });

    it('with a value that Felix misreads: no range at all', async () => {
      await patch(cluster, 'default', { natPortRange: '24000-65535' });
      for (const node of cluster.nodes) await untilRanges(node, ['all any']);
    });
  });

  it('is ignored where a variable rules', async () => {
    const env = [{ name: 'FELIX_NATPORTRANGE', value: '40000:40999' }];
    const cluster = await LabCluster.start(sharedCluster(), { podsPerNode: 1, calico: { env } });
    try {
      const node = cluster.node(0);
      expect(outgoingRanges(node)).toEqual(ranges('40000-40999'));
      await patch(cluster, 'default', { natPortRange: '24000:24999', healthPort: 9199 });
      await until('Felix has restarted', () => node.felix.restarts === 1 && node.felix.isRunning);
      expect(outgoingRanges(node)).toEqual(ranges('40000-40999'));
    } finally {
      await cluster.close();
    }
  });
});

async function isReady(cluster: LabCluster, { calicoNode }: LabClusterNode): Promise<boolean> {
  const path = podPath({ namespace: calicoNode.namespace, name: calicoNode.pod });
  const status = valueAt(await expectAnswer(cluster.admin, { path }, 200), 'status');
  const conditions = valueAt(status, 'conditions');
  const ready = Array.isArray(conditions) ? conditions.find((each: unknown) => valueAt(each, 'type') === 'Ready') : {};
  return valueAt(ready, 'status') === 'True';
}

/** The port by which a connection that a pod opens now leaves its node. */
async function portsInUse(cluster: LabCluster): Promise<number> {
  const [node, server] = [cluster.node(0), cluster.server(0)];
  const [address = ''] = server.addresses;
  await server.host.run('tcp-listen', { port: 443, manner: 'hold' });
  const target = { address, port: 443, concurrency: 1, count: 1, timeoutMs: 5000, closer: 'keep' } as const;
  expect((await node.pod(0).host.run('tcp-connect', target)).opened).toBe(1);
  const { stdout } = await execInPod(cluster.admin, node.calicoNode, ['cat', '/proc/net/nf_conntrack']);
  return Number(/src=203\.0\.113\.10 dst=192\.0\.2\.10 sport=443 dport=(\d+)/.exec(stdout.toString('utf8'))?.[1]);
}
