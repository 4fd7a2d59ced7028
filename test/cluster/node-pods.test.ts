// How the agent follows the pods of its node on a real API server: owners, addresses that move on, rights that are missing, and a
// server that is away.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { NodePods } from '../../src/agent/pods/node-pods.ts';
import type { ApiAccess } from './api-access.ts';
import { expectAnswer } from './api-request.ts';
import { withClient } from './kube-client.ts';
import { newNamespace } from './namespaces.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';
import { until } from './until.ts';
import { makeJob, makePod, makeReplicaSet, patchStatus } from './workload-objects.ts';

const PODS_ONLY = [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }];

/** Follows the pods of a node while `use` looks; time stands still but where `use` moves it. */
async function followed(
  access: ApiAccess,
  node: string,
  use: (pods: NodePods, clock: { now: number }, said: readonly string[]) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const clock = { now: 0 };
  const said: string[] = [];
  const world = { random: () => 0, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 20)) };
  await withClient(access, async (client) => {
    const { signal } = stopping;
    const say = (text: string): void => void said.push(text);
    const pods = new NodePods({ client, node, world, now: () => clock.now, clock: () => Date.now(), say, signal });
    const following = pods.run();
    try {
      await use(pods, clock, said);
    } finally {
      stopping.abort(new Error('enough'));
      await following;
    }
  });
}

function labels(pods: NodePods, address: string): string | undefined {
  const pod = pods.podOf(address);
  return pod && `${pod.name} of ${pod.workload.kind} ${pod.workload.name}`;
}

const at = (ip: string, startTime = '2026-01-02T03:04:05Z') => ({ podIPs: [{ ip }], startTime });

describeCluster('the pods of a node', () => {
  const admin = (): ApiAccess => sharedCluster().admin;
  let namespace: string;
  let node: string;
  beforeEach(async () => {
    namespace = await newNamespace(admin());
    node = `node-of-${namespace}`;
  });

  function make(name: string, status: object, more: object = {}): Promise<void> {
    return makePod(admin(), { namespace, name, node, status, ...more });
  }

  function remove(name: string): Promise<unknown> {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`;
    return expectAnswer(admin(), { method: 'DELETE', path }, 200);
  }

  it('have the names of the workloads that people know, and those of other nodes are not followed', async () => {
    await makeReplicaSet(admin(), { namespace, name: 'odd-name', owner: { kind: 'Deployment', name: 'web' } });
    await makeJob(admin(), {
      namespace,
      name: 'once',
      owner: { kind: 'CronJob', name: 'report', apiVersion: 'batch/v1' },
    });
    await make('a', at('10.0.0.1'), { owner: { kind: 'ReplicaSet', name: 'odd-name' } });
    await make('b', at('10.0.0.2'), { owner: { kind: 'Job', name: 'once', apiVersion: 'batch/v1' } });
    await make('c', at('10.0.0.3'), { owner: { kind: 'ReplicaSet', name: 'gone-7f8d9c5b4f' } });
    await make('host', at('192.0.2.1'), { spec: { hostNetwork: true } });
    await makePod(admin(), { namespace, name: 'far', node: 'another', status: at('10.0.0.9') });
    await followed(admin(), node, async (pods) => {
      await until('all are known', () => pods.report().ageSeconds === 0);
      expect(pods.report()).toEqual({ known: 4, ageSeconds: 0, gaps: [] });
      expect(['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => labels(pods, address))).toEqual([
        'a of Deployment web',
        'b of CronJob report',
        'c of Deployment gone',
      ]);
      expect(['192.0.2.1', '10.0.0.9'].map((address) => labels(pods, address))).toEqual([undefined, undefined]);
      await make('late', at('10.0.0.4'));
      await until('the new one is known', () => labels(pods, '10.0.0.4') === 'late of Pod late');
    });
  });

  it('give an address to the pod that began last, however long the old one lingers', async () => {
    await make('old', at('10.0.0.1', '2026-01-02T03:04:05Z'));
    await followed(admin(), node, async (pods) => {
      await until('the old one is known', () => labels(pods, '10.0.0.1') === 'old of Pod old');
      await make('young', at('10.0.0.1', '2026-01-02T03:05:05Z'));
      await until('the young one has it', () => labels(pods, '10.0.0.1') === 'young of Pod young');
      // A late word about the old one changes nothing.
      await patchStatus(admin(), `/api/v1/namespaces/${namespace}/pods/old`, { message: 'ending' });
      await remove('old');
      await until('the old one is gone', () => pods.report().known === 1);
      expect(labels(pods, '10.0.0.1')).toBe('young of Pod young');
      await patchStatus(admin(), `/api/v1/namespaces/${namespace}/pods/young`, { phase: 'Succeeded' });
      await until('one that ended has none', () => labels(pods, '10.0.0.1') === undefined);
    });
  });

  it('whose owners may not be read have guessed names, and that is a gap', async () => {
    const { access } = await newRestrictedUser(admin(), PODS_ONLY);
    await makeReplicaSet(admin(), { namespace, name: 'web-7f8d9c5b4f', owner: { kind: 'Rollout', name: 'canary' } });
    await make('a', at('10.0.0.1'), { owner: { kind: 'ReplicaSet', name: 'web-7f8d9c5b4f' } });
    await followed(access, node, async (pods) => {
      await until('it is known', () => pods.report().ageSeconds === 0);
      expect(labels(pods, '10.0.0.1')).toBe('a of Deployment web');
      expect(pods.report().gaps).toMatchObject([
        { id: 'workloads', why: `forbidden: get replicasets of apps in namespace ${namespace}` },
      ]);
    });
  });

  it('that may not be listed are a gap without an age, said once', async () => {
    const { access } = await newRestrictedUser(admin(), []);
    await followed(access, node, async (pods, _, said) => {
      await until('it is said', () => said.length > 0);
      const [gap] = pods.report().gaps;
      expect(gap).toMatchObject({ id: 'pods' });
      expect(gap?.why).toContain('forbidden');
      expect(pods.report().ageSeconds).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(said).toHaveLength(1);
    });
  });
});

describeCluster('an API server that goes away', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start({ binaries: sharedCluster().binaries });
  });
  afterAll(() => cluster.stop());

  it('leaves what was known in use, with an age, and tells what changed when it is back', async () => {
    const { admin } = cluster;
    const namespace = await newNamespace(admin);
    const node = 'n';
    for (const name of ['a', 'b'])
      await makePod(admin, { namespace, name, node, status: at(name === 'a' ? '10.0.0.1' : '10.0.0.2') });
    await followed(admin, node, async (pods, clock, said) => {
      await until('both are known', () => pods.report().known === 2 && pods.report().ageSeconds === 0);
      await cluster.killApiServer();
      await until('that is noticed', () => said.length > 0);
      clock.now += 90_000;
      expect(pods.report()).toMatchObject({ known: 2, ageSeconds: 90, gaps: [{ id: 'pods' }] });
      expect(labels(pods, '10.0.0.1')).toBe('a of Pod a');
      await cluster.restartApiServer();
      const path = `/api/v1/namespaces/${namespace}/pods/a?gracePeriodSeconds=0`;
      await expectAnswer(admin, { method: 'DELETE', path }, 200);
      await until('it is followed again', () => pods.report().ageSeconds === 0);
      await until('the pod is gone', () => labels(pods, '10.0.0.1') === undefined);
      expect(pods.report()).toEqual({ known: 1, ageSeconds: 0, gaps: [] });
    });
  });
});
