// The whole change on real nodes: canary, batches and default on a real API server; Felix restarts and writes kernel rules; the
// program looks at rules and flows by exec, and takes everything back where a node does not follow.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LAZY_MEASURES } from '../../../src/cli/lazy-measures.ts';
import type { Said } from '../../cli/run-command.ts';
import { expectAnswer, valueAt } from '../api-request.ts';
import { corpusPath } from '../../nat-rules/corpus.ts';
import { calicoPath } from '../calico-kinds.ts';
import { rawFelix } from '../calicoctl-run.ts';
import { StandInNodes, change } from '../change-run.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { until } from '../until.ts';
import { LabCluster } from './lab-cluster.ts';
import { outgoingRanges } from './outgoing-ranges.ts';

const APPLY = ['apply', '--nat-port-range', '4790:65535', '--yes', '--timeout', '30s'];

describeCluster('a change of the range on real nodes', () => {
  let cluster: LabCluster;
  let isBusy = true;
  let traffic: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    cluster = await LabCluster.start(sharedCluster(), { nodes: 2, podsPerNode: 1 });
    const [address = ''] = cluster.server(0).addresses;
    await cluster.server(0).host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address, port: 443, concurrency: 1, count: 1, timeoutMs: 5000, closer: 'keep' } as const;
    traffic = (async () => {
      while (isBusy) {
        for (const node of cluster.nodes) await node.pod(0).host.run('tcp-connect', target);
        await sleep(100);
      }
    })();
  });
  afterAll(async () => {
    isBusy = false;
    await traffic;
    await cluster.close();
  });
  beforeEach(async () => {
    await until('the usual range', () => cluster.nodes.every((node) => outgoingRanges(node)[0] === 'tcp 32768-65535'));
  });
  afterEach(() => {
    for (const { felix } of cluster.nodes) felix.setFault({});
  });

  const run = (...words: string[]): Promise<Said> =>
    change(words, {
      kubeconfig: sharedCluster().kubeconfig,
      witness: new StandInNodes(cluster.admin),
      surroundings: {
        measures: LAZY_MEASURES,
        now: () => performance.now(),
        sleep: (milliseconds) => sleep(milliseconds),
      },
    });

  async function felixNames(): Promise<unknown[]> {
    const path = calicoPath('crd.projectcalico.org', 'FelixConfiguration');
    const items = valueAt(await expectAnswer(cluster.admin, { path }, 200), 'items');
    return (Array.isArray(items) ? items : []).map((item: unknown) => valueAt(item, 'metadata', 'name'));
  }

  it('reaches the kernel of each, is seen in new flows, and goes back', { timeout: 180_000 }, async () => {
    const before = await rawFelix();
    expect((await run('verify')).stdout).toContain('2 of 2 nodes as configured.');
    const applied = await run(...APPLY);
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    expect(applied.stdout).toMatch(/node-1 {3}rule ✓ {2}new flows in range ✓ (\d+)\/\1 {2}Felix ready ✓/);
    expect(applied.stdout).toMatch(/2 of 2 nodes verified in [\d.]+ s\.\n$/);
    for (const node of cluster.nodes)
      expect(outgoingRanges(node)).toEqual(['tcp 4790-65535', 'udp 4790-65535', 'all any']);
    expect(await felixNames()).toEqual(['default']);
    expect((await run('verify', '--nat-port-range', '4790:65535')).code).toBe(0);
    expect(await run('undo', '--yes')).toMatchObject({ code: 0 });
    expect(await rawFelix()).toEqual(before);
  });

  it('is told by the rules of a node what a port that equals a NodePort means there', async () => {
    const asked = async () => (await run('apply', '--nat-port-range', '4790:65535', '--dry-run=client')).stdout;
    expect((await asked()).replaceAll(/\s+/g, ' ')).toContain('depends on the data plane, which is not known');
    const [node] = cluster.nodes;
    node?.host.print('iptables-nft-restore', corpusPath('kube-proxy.rules'));
    const text = (await asked()).replaceAll(/\s+/g, ' ');
    expect(text).toContain('harmless here: a reply is matched to its connection before NodePort rules see it');
    expect(text).not.toContain('is not known');
    node?.host.print('nft', 'delete', 'table', 'ip', 'nat');
  });

  it('is taken back when a Felix does not write its rules', { timeout: 180_000 }, async () => {
    const before = await rawFelix();
    const { restarts } = cluster.node(1).felix;
    cluster.node(0).felix.setFault({ neverApplies: true });
    const { code, stderr } = await run(...APPLY, '--canary', 'node-1', '--timeout', '8s');
    expect([code, stderr]).toEqual([1, expect.stringContaining('not within 8 s: rule 32768-65535')]);
    expect(stderr).toContain('everything was taken back');
    expect(await rawFelix()).toEqual(before);
    expect(await felixNames()).toEqual(['default']);
    // The other node never heard of it.
    expect(cluster.node(1).felix.restarts).toBe(restarts);
  });
});
