// What is read of a cluster, from a true API server: pods with their workloads, Services' ports, nodes; by everyone, by some
// and by nobody in particular.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterFacts } from '../../src/core/model/cluster-facts.ts';
import type { Pod } from '../../src/core/model/pod.ts';
import { objectOf, listOf } from '../../src/core/kube-objects/parse-object.ts';
import type { PodChoice } from '../../src/kube/resources/read-pods.ts';
import { readClusterFacts } from '../../src/kube/resources/read-cluster-facts.ts';
import { readPodSelector } from '../../src/kube/resources/read-pod-selector.ts';
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer } from './api-request.ts';
import { withClient } from './kube-client.ts';
import { newNamespace } from './namespaces.ts';
import { makeNodes, removeNodes } from './range-objects.ts';
import { newRestrictedUser, type PolicyRule } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { makeJob, makePod, makeReplicaSet, patchStatus, podSet, removePods } from './workload-objects.ts';

const AT = '2026-01-02T03:04:05Z';
const { signal } = new AbortController();

function factsAs(access: ApiAccess, choice: PodChoice = {}): Promise<ClusterFacts> {
  return withClient(access, (client) => readClusterFacts(client, { ...choice, at: AT, signal }));
}

function rule(group: string, ...resources: string[]): PolicyRule {
  return { apiGroups: [group], resources, verbs: ['list'] };
}

describeCluster('the facts of a cluster', () => {
  const admin = (): ApiAccess => sharedCluster().admin;
  let shop: string;
  let system: string;

  async function patchNode(name: string, spec: object): Promise<void> {
    const patch = { method: 'PATCH', path: `/api/v1/nodes/${name}`, body: { spec } } as const;
    await expectAnswer(admin(), { ...patch, contentType: 'application/merge-patch+json' }, 200);
  }

  beforeAll(async () => {
    shop = await newNamespace(admin());
    system = await newNamespace(admin());
    await removeNodes(admin());
    await makeNodes(admin(), ['worker-1', 'worker-2', 'worker-3']);
    await patchStatus(admin(), '/api/v1/nodes/worker-1', { conditions: [{ type: 'Ready', status: 'True' }] });
    await patchStatus(admin(), '/api/v1/nodes/worker-2', { conditions: [{ type: 'Ready', status: 'Unknown' }] });
    // The API server taints every new node as not ready; a controller takes that away.
    await patchNode('worker-1', { taints: null });
    await patchNode('worker-2', { taints: null, unschedulable: true });
    await makeReplicaSet(admin(), { namespace: shop, name: 'web-7f8d9c', owner: { kind: 'Deployment', name: 'web' } });
    await makeJob(admin(), {
      namespace: shop,
      name: 'report-29400000',
      owner: { kind: 'CronJob', name: 'report', apiVersion: 'batch/v1' },
    });
    const web = { namespace: shop, labels: { app: 'web' }, owner: { kind: 'ReplicaSet', name: 'web-7f8d9c' } };
    const address = (ip: string) => ({ podIP: ip, podIPs: [{ ip }, { ip: 'fd00::1' }] });
    await makePod(admin(), { ...web, name: 'web-7f8d9c-aaaaa', node: 'worker-1', status: address('172.30.1.7') });
    await makePod(admin(), { ...web, name: 'web-7f8d9c-bbbbb', node: 'worker-2' });
    await makePod(admin(), { ...web, name: 'web-7f8d9c-waits', status: { phase: 'Pending' } });
    const report = { namespace: shop, owner: { kind: 'Job', name: 'report-29400000', apiVersion: 'batch/v1' } };
    await makePod(admin(), { ...report, name: 'report-29400000-runs', node: 'worker-1' });
    await makePod(admin(), {
      ...report,
      name: 'report-29400000-done',
      node: 'worker-1',
      status: { phase: 'Succeeded' },
    });
    const ports = [{ containerPort: 9091 }, { containerPort: 53, protocol: 'UDP' }];
    await makePod(admin(), {
      namespace: system,
      name: 'agent-x2x9p',
      node: 'worker-1',
      owner: { kind: 'DaemonSet', name: 'agent' },
      spec: { hostNetwork: true },
      containers: [{ name: 'agent', image: 'none', ports }],
    });
    const service = { type: 'NodePort', ports: [{ port: 80, nodePort: 31_313 }] };
    const path = `/api/v1/namespaces/${shop}/services`;
    await expectAnswer(admin(), { method: 'POST', path, body: { metadata: { name: 'lb' }, spec: service } }, 201);
  });
  afterAll(async () => {
    await apiRequest(admin(), { method: 'DELETE', path: `/api/v1/namespaces/${shop}/services/lb` });
    await removePods(admin(), shop);
    await removePods(admin(), system);
    await removeNodes(admin());
  });

  /** Of this test's namespaces; others may have left theirs. */
  function podsOf(facts: ClusterFacts): readonly Pod[] {
    if (!facts.pods.seen) throw new Error(facts.pods.why);
    return facts.pods.value.filter(({ namespace }) => namespace === shop || namespace === system);
  }

  function namesOf(facts: ClusterFacts): readonly string[] {
    return podsOf(facts)
      .map(({ name }) => name)
      .toSorted();
  }

  it('are all pods that have a node and have not ended, with what owns them', async () => {
    const facts = await factsAs(admin());
    expect(facts).toMatchObject({ schema: 'portolan.dev/cluster-facts/v1', cluster: 'test', at: AT, gaps: [] });
    const owners = podsOf(facts).map(({ name, workload }) => `${name}: ${workload.kind} ${workload.name}`);
    expect(owners.toSorted()).toEqual([
      'agent-x2x9p: DaemonSet agent',
      'report-29400000-runs: CronJob report',
      'web-7f8d9c-aaaaa: Deployment web',
      'web-7f8d9c-bbbbb: Deployment web',
    ]);
    const [agent] = podsOf(facts).filter(({ isHostNetwork }) => isHostNetwork);
    expect(agent?.hostPorts).toEqual([
      { protocol: 6, port: 9091 },
      { protocol: 17, port: 53 },
    ]);
    expect(podsOf(facts).find(({ name }) => name === 'web-7f8d9c-aaaaa')?.addresses).toEqual(['172.30.1.7', 'fd00::1']);
  });

  it('are the nodes, whether they are ready and take pods', async () => {
    const { nodes } = await factsAs(admin());
    expect(nodes).toMatchObject({
      seen: true,
      value: [
        { name: 'worker-1', isReady: true, isSchedulable: true },
        { name: 'worker-2', isReady: false, isSchedulable: false },
        { name: 'worker-3', isSchedulable: false },
      ],
    });
    expect(nodes.seen && nodes.value[2]).not.toHaveProperty('isReady');
  });

  it("are the Services' ports with their owners", async () => {
    const { serviceClaims } = await factsAs(admin());
    const ports = { first: 31_313, last: 31_313 };
    const claim = { kind: 'node-port', protocol: 6, ports, owner: `Service ${shop}/lb`, source: 'API services' };
    expect(serviceClaims.seen && serviceClaims.value).toContainEqual(claim);
  });

  it('may be of one namespace, one node, some labels', async () => {
    expect(namesOf(await factsAs(admin(), { namespace: system }))).toEqual(['agent-x2x9p']);
    expect(namesOf(await factsAs(admin(), { selector: 'app=web' }))).toEqual(['web-7f8d9c-aaaaa', 'web-7f8d9c-bbbbb']);
    const onNode = await factsAs(admin(), { node: 'worker-2' });
    expect(namesOf(onNode)).toEqual(['web-7f8d9c-bbbbb']);
    expect(podsOf(onNode)[0]?.workload).toEqual({ kind: 'Deployment', namespace: shop, name: 'web' });
    expect(onNode.nodes).toMatchObject({ value: [{ name: 'worker-2' }] });
  });

  it('ask for the metadata of owners alone', async () => {
    const items = await withClient(admin(), async (client) => {
      const request = { path: `/apis/apps/v1/namespaces/${shop}/replicasets`, metadataOnly: true };
      return listOf(objectOf((await client.send(request, signal)).body)['items']);
    });
    expect(items).toHaveLength(1);
    expect(objectOf(items[0])).not.toHaveProperty('spec');
  });

  it('name every rule that is missing', async () => {
    const { access } = await newRestrictedUser(admin(), []);
    const facts = await factsAs(access);
    expect(facts.gaps.map(({ id, why }) => `${id}: ${why}`)).toEqual([
      'nodes: forbidden: list nodes',
      'pods: forbidden: list pods',
      'services: forbidden: list services',
    ]);
    expect(facts.gaps.map(({ remedy }) => remedy).join()).toContain('resources: ["pods"], verbs: ["list"]');
    expect([facts.nodes.seen, facts.pods.seen, facts.serviceClaims.seen]).toEqual([false, false, false]);
  });

  it('guess the workload by its name where owners may not be listed, and say so', async () => {
    const { access } = await newRestrictedUser(admin(), [rule('', 'pods', 'nodes', 'services')]);
    const facts = await factsAs(access);
    const web = podsOf(facts).find(({ name }) => name === 'web-7f8d9c-aaaaa');
    expect(web?.workload).toEqual({ kind: 'Deployment', namespace: shop, name: 'web' });
    expect(facts.gaps.map(({ id, why }) => `${id}: ${why}`)).toEqual([
      'workloads: forbidden: list replicasets of apps',
      'workloads: forbidden: list jobs of batch',
    ]);
  });

  it('need no more than these rules', async () => {
    const rules = [rule('', 'pods', 'nodes', 'services'), rule('apps', 'replicasets'), rule('batch', 'jobs')];
    const { access } = await newRestrictedUser(admin(), rules);
    expect(await factsAs(access)).toEqual(await factsAs(admin()));
  });

  it('have the replicas and the selector of a workload that is named', async () => {
    const path = `/apis/apps/v1/namespaces/${shop}/deployments`;
    const body = { metadata: { name: 'web' }, spec: podSet('web', 3) };
    await expectAnswer(admin(), { method: 'POST', path, body }, 201);
    const read = (access: ApiAccess, kind: string, name: string) =>
      withClient(access, (client) => readPodSelector(client, { kind, namespace: shop, name }, signal));
    expect(await read(admin(), 'Deployment', 'web')).toEqual({ seen: true, value: { app: 'web' } });
    expect(await read(admin(), 'StatefulSet', 'web')).toMatchObject({
      seen: false,
      why: expect.stringContaining('not in this cluster'),
    });
    expect(await read(admin(), 'CronJob', 'web')).toEqual({ seen: true, value: undefined });
    const { access } = await newRestrictedUser(admin(), []);
    expect(await read(access, 'Deployment', 'web')).toMatchObject({
      seen: false,
      remedy: expect.stringContaining('resources: ["deployments"], verbs: ["get"]'),
    });
  });

  it('refuse a selector that is none in the words of the server', async () => {
    await expect(factsAs(admin(), { selector: '!!' })).rejects.toMatchObject({ code: 'PTL_API_REFUSED' });
  });
});
