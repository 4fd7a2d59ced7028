// What is read of a true API server about SNAT ranges: every layout of Calico, every right that is missing.
import { afterAll, beforeEach, expect, it } from 'vitest';
import { readRangeSources } from '../../src/kube/calico/read-range-sources.ts';
import type { RangeSources } from '../../src/kube/calico/range-sources.ts';
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import type { CalicoKind } from './calico-kinds.ts';
import { withClient } from './kube-client.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { newRestrictedUser, type PolicyRule } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const ALL_KINDS: readonly CalicoKind[] = ['FelixConfiguration', 'IPPool', 'ClusterInformation'];
const USUAL = { 'crd.projectcalico.org': ALL_KINDS } as const;

function read(access: ApiAccess, options: { node?: string; asksNodePorts?: boolean } = {}): Promise<RangeSources> {
  const { node, asksNodePorts = false } = options;
  const signal = new AbortController().signal;
  return withClient(access, (client) => readRangeSources(client, { node, asksNodePorts, signal }));
}

describeCluster('what decides SNAT ranges', () => {
  const admin = (): ApiAccess => sharedCluster().admin;

  beforeEach(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
  });
  afterAll(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
  });

  it('says that Calico is not there when no group of it is served', async () => {
    await setCalico(admin(), {});
    const sources = await read(admin());
    expect(sources.group).toEqual({
      apiGroup: undefined,
      why: 'neither crd.projectcalico.org nor projectcalico.org is served',
      isGuess: false,
    });
    expect(sources.configurations).toMatchObject({ seen: false });
    expect(sources.environment).toEqual({ seen: false, why: 'the cluster has no DaemonSet calico-node' });
  });

  it('reads the usual group as stored, whatever it holds', async () => {
    await setCalico(admin(), USUAL);
    await makeNodes(admin(), ['b', 'a'], { pool: 'edge' });
    await makeCalico(admin(), { spec: { natPortRange: '70000:1', kubeNodePortRanges: [31_000, '32000:32100'] } });
    await makeCalico(admin(), { name: 'node.a', annotations: { note: 'x' }, spec: { natPortRange: 0 } });
    await makeCalico(admin(), { kind: 'IPPool', name: 'pods', spec: { cidr: '172.30.0.0/16', natOutgoing: true } });
    await makeCalico(admin(), { kind: 'ClusterInformation', spec: { calicoVersion: 'v3.31.0', datastoreReady: true } });
    const sources = await read(admin());
    expect(sources.group.apiGroup).toBe('crd.projectcalico.org/v1');
    expect(sources.nodes).toMatchObject({
      seen: true,
      value: [{ name: 'a', labels: { pool: 'edge' } }, { name: 'b' }],
    });
    expect(sources.configurations).toMatchObject({
      seen: true,
      value: [
        { name: 'default', natPortRange: '70000:1', settings: { kubeNodePortRanges: ['31000', '32000:32100'] } },
        { name: 'node.a', natPortRange: 0, annotations: { note: 'x' } },
      ],
    });
    expect(sources.pools).toMatchObject({ value: [{ name: 'pods', natOutgoing: true, disabled: false }] });
    expect(sources.cluster).toEqual({ seen: true, value: { calicoVersion: 'v3.31.0', datastoreReady: true } });
  });

  it('reads the newer group where it stands alone', async () => {
    await setCalico(admin(), { 'projectcalico.org': ALL_KINDS });
    await makeCalico(admin(), {
      group: 'projectcalico.org',
      name: 'edge',
      spec: { nodeSelector: "pool == 'edge'", natPortRange: '24000:65535' },
    });
    const sources = await read(admin());
    expect(sources.group).toMatchObject({ apiGroup: 'projectcalico.org/v3', isGuess: false });
    expect(sources.configurations).toMatchObject({
      value: [{ name: 'edge', apiGroup: 'projectcalico.org/v3', nodeSelector: "pool == 'edge'" }],
    });
  });

  it.each([
    ['the usual one without the variable', [], 'crd.projectcalico.org/v1', '32768:65535'],
    [
      'what the variable says',
      [{ name: 'CALICO_API_GROUP', value: 'projectcalico.org/v3' }],
      'projectcalico.org/v3',
      '24000:65535',
    ],
  ])('reads of both groups %s', async (_, env, apiGroup, natPortRange) => {
    await setCalico(admin(), { ...USUAL, 'projectcalico.org': ALL_KINDS });
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { group: 'projectcalico.org', spec: { natPortRange: '24000:65535' } });
    await makeCalicoNode(admin(), env);
    const sources = await read(admin());
    expect(sources.group).toMatchObject({ apiGroup, isGuess: false });
    expect(sources.configurations).toMatchObject({ value: [{ natPortRange }] });
  });

  it("reads Felix's variables, and names those that come from elsewhere", async () => {
    await setCalico(admin(), USUAL);
    const env = [
      { name: 'FELIX_NATPORTRANGE', value: '32768:65535' },
      { name: 'FELIX_VXLANPORT', valueFrom: { secretKeyRef: { name: 'felix', key: 'port' } } },
      { name: 'SECRET_OF_OTHERS', value: 'hidden' },
    ];
    await makeCalicoNode(admin(), env, { envFrom: [{ configMapRef: { name: 'more' } }] });
    const { environment } = await read(admin());
    expect(environment).toMatchObject({
      seen: true,
      value: {
        variables: { FELIX_NATPORTRANGE: '32768:65535' },
        unread: [
          { name: 'FELIX_VXLANPORT', from: 'Secret kube-system/felix key port' },
          { from: 'ConfigMap kube-system/more' },
        ],
        configFile: { seen: false },
      },
    });
    expect(JSON.stringify(environment)).not.toContain('hidden');
  });

  it('learns the range of NodePorts by a request that makes nothing', async () => {
    await setCalico(admin(), {});
    const services = { path: '/api/v1/services' };
    const before = await expectAnswer(admin(), services, 200);
    const sources = await read(admin(), { asksNodePorts: true });
    expect(sources.askedNodePorts).toEqual({ seen: true, value: { first: 30_000, last: 32_767 } });
    expect(await expectAnswer(admin(), services, 200)).toMatchObject({ items: itemsOf(before) });
  });

  it('could make nothing even under a free name and with a port that is allowed', async () => {
    const body = {
      metadata: { name: 'free-name', resourceVersion: '1' },
      spec: { type: 'NodePort', ports: [{ port: 443, nodePort: 30_123 }] },
    };
    const path = '/api/v1/namespaces/default/services';
    const answer = await apiRequest(admin(), { method: 'POST', path, body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await apiRequest(admin(), { path: `${path}/free-name` })).toMatchObject({ status: 404 });
  });

  it('asks for one node with the right to list', async () => {
    await setCalico(admin(), USUAL);
    await makeNodes(admin(), ['a', 'b']);
    expect((await read(admin(), { node: 'b' })).nodes).toMatchObject({ seen: true, value: [{ name: 'b' }] });
    expect((await read(admin(), { node: 'c' })).nodes).toEqual({ seen: true, value: [] });
  });

  it('reads 2,000 nodes in pages', { timeout: 240_000 }, async () => {
    await setCalico(admin(), USUAL);
    const names = Array.from({ length: 2000 }, (_, index) => `node-${String(index).padStart(4, '0')}`);
    await makeNodes(admin(), names);
    const { nodes } = await read(admin());
    expect(nodes.seen && nodes.value.map(({ name }) => name)).toEqual(names);
  });
});

function itemsOf(body: unknown): readonly unknown[] {
  return typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) ? body.items : [];
}

const RULES = {
  nodes: { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
  daemonSets: { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['list'] },
  configurations: { apiGroups: ['crd.projectcalico.org'], resources: ['felixconfigurations'], verbs: ['list'] },
  pools: { apiGroups: ['crd.projectcalico.org'], resources: ['ippools'], verbs: ['list'] },
  cluster: { apiGroups: ['crd.projectcalico.org'], resources: ['clusterinformations'], verbs: ['list'] },
  usedNodePorts: { apiGroups: [''], resources: ['services'], verbs: ['list'] },
  askedNodePorts: { apiGroups: [''], resources: ['services'], verbs: ['create'] },
} satisfies Readonly<Record<string, PolicyRule>>;

describeCluster('a reader with too few rights', () => {
  it.each([
    ['nodes', 'forbidden: list nodes', '{apiGroups: [""], resources: ["nodes"], verbs: ["list"]}'],
    [
      'daemonSets',
      'forbidden: list daemonsets of apps',
      '{apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["list"]}',
    ],
    [
      'configurations',
      'forbidden: list felixconfigurations of crd.projectcalico.org',
      '{apiGroups: ["crd.projectcalico.org"], resources: ["felixconfigurations"], verbs: ["list"]}',
    ],
    [
      'pools',
      'forbidden: list ippools of crd.projectcalico.org',
      '{apiGroups: ["crd.projectcalico.org"], resources: ["ippools"], verbs: ["list"]}',
    ],
    [
      'cluster',
      'forbidden: list clusterinformations of crd.projectcalico.org',
      '{apiGroups: ["crd.projectcalico.org"], resources: ["clusterinformations"], verbs: ["list"]}',
    ],
    ['usedNodePorts', 'forbidden: list services', '{apiGroups: [""], resources: ["services"], verbs: ["list"]}'],
    [
      'askedNodePorts',
      'forbidden: create services in namespace default',
      '{apiGroups: [""], resources: ["services"], verbs: ["create"]}',
    ],
  ] as const)('is told which is missing: %s', async (part, why, rule) => {
    const { admin } = sharedCluster();
    await setCalico(admin, USUAL);
    await removeDaemonSets(admin);
    await makeCalicoNode(admin, []);
    const granted = Object.entries(RULES).flatMap(([name, each]) => (name === part ? [] : [each]));
    const { access } = await newRestrictedUser(admin, granted);
    const sources = await read(access, { asksNodePorts: true });
    expect(sources[part]).toEqual({ seen: false, why, remedy: `a ClusterRole with the rule ${rule}` });
    const rest = Object.keys(RULES).filter((name): name is keyof typeof RULES => name !== part && name in RULES);
    expect(rest.filter((name) => !sources[name].seen)).toEqual([]);
    await removeDaemonSets(admin);
  });

  it('with a right to calico-node alone still has its variables', async () => {
    const { admin } = sharedCluster();
    await setCalico(admin, USUAL);
    await removeDaemonSets(admin);
    await makeCalicoNode(admin, [{ name: 'FELIX_NATPORTRANGE', value: '24000:65535' }]);
    const one = { apiGroups: ['apps'], resources: ['daemonsets'], resourceNames: ['calico-node'], verbs: ['get'] };
    const { access } = await newRestrictedUser(admin, [one]);
    expect((await read(access)).environment).toMatchObject({
      value: { variables: { FELIX_NATPORTRANGE: '24000:65535' } },
    });
    await removeDaemonSets(admin);
  });

  it('whose token is not one is told so', async () => {
    const { admin } = sharedCluster();
    const access = { ...admin, credentials: { token: 'expired' } };
    await expect(read(access)).rejects.toMatchObject({ code: 'PTL_API_UNAUTHORISED' });
  });
});
