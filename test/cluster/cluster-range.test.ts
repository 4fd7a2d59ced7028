// From a kubeconfig to the range of each node, on a true API server: the stories that `portolan range` must tell right.
import { afterAll, beforeEach, expect, it } from 'vitest';
import { readClusterRange } from '../../src/cli/range/read-cluster-range.ts';
import type { ClusterRange } from '../../src/core/analysis/cluster-range.ts';
import type { EffectiveNatPortRange } from '../../src/core/analysis/range-chain.ts';
import type { ApiAccess } from './api-access.ts';
import { expectAnswer } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import type { CalicoKind } from './calico-kinds.ts';
import { QUICK, withKubeconfig } from './kube-client.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const KINDS: readonly CalicoKind[] = ['FelixConfiguration', 'IPPool', 'ClusterInformation'];
const USUAL = { 'crd.projectcalico.org': KINDS } as const;
const NEWER = { 'projectcalico.org': KINDS } as const;

const admin = (): ApiAccess => sharedCluster().admin;

function rangeOf(options: { access?: ApiAccess; node?: string; asksNodePorts?: boolean } = {}): Promise<ClusterRange> {
  const { access = admin(), node, asksNodePorts = false } = options;
  return withKubeconfig(access, (kubeconfig) => {
    const { signal } = new AbortController();
    return readClusterRange({
      ...QUICK,
      kubeconfig,
      node,
      asksNodePorts,
      variables: {},
      signal,
      progress: () => undefined,
    });
  });
}

/** `worker-1: 32768-65535 by default`. */
function story({ nodes }: ClusterRange): string[] {
  return nodes.map(({ node, range, ruling }) => `${node}: ${rangeText(range)} by ${ruling ?? 'nobody'}`);
}

function rangeText(range: EffectiveNatPortRange['range']): string {
  return range.kind === 'range' ? `${range.range.first}-${range.range.last}` : range.kind;
}

async function makePool(group: 'crd.projectcalico.org' | 'projectcalico.org' = 'crd.projectcalico.org'): Promise<void> {
  const spec = { cidr: '172.30.0.0/16', natOutgoing: true };
  await makeCalico(admin(), { group, kind: 'IPPool', name: 'pods', spec });
}

describeCluster('the range of each node', () => {
  beforeEach(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
    await makeNodes(admin(), ['worker-1'], { pool: 'edge' });
    await makeNodes(admin(), ['worker-2'], { pool: 'rest' });
  });
  afterAll(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
  });

  it('is not known where Calico is not', async () => {
    await setCalico(admin(), {});
    const cluster = await rangeOf();
    expect(story(cluster)).toEqual(['worker-1: unknown by nobody', 'worker-2: unknown by nobody']);
    expect(cluster.apiGroup).toMatchObject({ seen: false, why: expect.stringContaining('neither') });
    expect(cluster.masquerader).toEqual({
      by: 'unknown',
      evidence: 'Calico is not here: neither crd.projectcalico.org nor projectcalico.org is served',
    });
  });

  it('is that of default, or of the object of the node', async () => {
    await setCalico(admin(), USUAL);
    await makePool();
    await makeCalicoNode(admin(), []);
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { name: 'node.worker-2', spec: { natPortRange: '24000:65535' } });
    const cluster = await rangeOf();
    expect(story(cluster)).toEqual(['worker-1: 32768-65535 by default', 'worker-2: 24000-65535 by node']);
    expect(cluster.masquerader).toEqual({ by: 'calico', evidence: 'natOutgoing of pool pods' });
  });

  it('is that of the variable, whatever the objects say', async () => {
    await setCalico(admin(), USUAL);
    await makeCalicoNode(admin(), [{ name: 'FELIX_NATPORTRANGE', value: '32768:65535' }]);
    await makeCalico(admin(), { spec: { natPortRange: '1025:65535' } });
    const cluster = await rangeOf();
    expect(story(cluster)).toEqual(['worker-1: 32768-65535 by environment', 'worker-2: 32768-65535 by environment']);
    const shadowed = cluster.nodes[0]?.layers.find(({ id }) => id === 'default');
    expect(shadowed).toMatchObject({ role: 'shadowed' });
  });

  it('is that of the object that selects the node, where Calico knows selectors', async () => {
    await setCalico(admin(), NEWER);
    await makeCalicoNode(admin(), []);
    const group = 'projectcalico.org';
    await makeCalico(admin(), { group, kind: 'ClusterInformation', spec: { calicoVersion: 'v3.32.0' } });
    await makeCalico(admin(), { group, spec: { natPortRange: '32768:65535' } });
    const spec = { nodeSelector: "pool == 'edge'", natPortRange: '24000:65535' };
    await makeCalico(admin(), { group, name: 'edge', spec });
    const cluster = await rangeOf();
    expect(story(cluster)).toEqual(['worker-1: 24000-65535 by selector', 'worker-2: 32768-65535 by default']);
    expect(cluster.apiGroup).toEqual({ seen: true, value: 'projectcalico.org/v3' });
  });

  it('is frozen everywhere by one value that cannot be decoded', async () => {
    await setCalico(admin(), USUAL);
    await makeCalicoNode(admin(), []);
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { name: 'node.worker-2', spec: { natPortRange: '70000:1' } });
    const cluster = await rangeOf();
    expect(story(cluster)).toEqual(['worker-1: frozen by nobody', 'worker-2: frozen by nobody']);
    expect(cluster.nodes[0]?.traps).toContainEqual(expect.objectContaining({ id: 'undecodable' }));
  });

  it('is none for a range with a dash, which the API server takes', async () => {
    await setCalico(admin(), USUAL);
    await makeCalicoNode(admin(), []);
    await makeCalico(admin(), { spec: { natPortRange: '32768-65535' } });
    const cluster = await rangeOf({ node: 'worker-1' });
    expect(story(cluster)).toEqual(['worker-1: none by default']);
    expect(cluster.nodes[0]?.traps).toContainEqual(expect.objectContaining({ id: 'named-port' }));
  });

  it('is that of both groups which calico-node reads', async () => {
    await setCalico(admin(), { ...USUAL, ...NEWER });
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { group: 'projectcalico.org', spec: { natPortRange: '24000:65535' } });
    await makeCalicoNode(admin(), [{ name: 'CALICO_API_GROUP', value: 'projectcalico.org/v3' }]);
    expect(story(await rangeOf({ node: 'worker-1' }))).toEqual(['worker-1: 24000-65535 by default']);
  });

  it('is asked for by name', async () => {
    await setCalico(admin(), USUAL);
    await expect(rangeOf({ node: 'worker-9' })).rejects.toMatchObject({ code: 'PTL_NO_SUCH_NODE' });
  });

  it('leaves Windows out, and says so', async () => {
    await setCalico(admin(), USUAL);
    await makeNodes(admin(), ['windows-1'], { 'kubernetes.io/os': 'windows' });
    const cluster = await rangeOf();
    expect(cluster.nodes.map(({ node }) => node)).toEqual(['worker-1', 'worker-2']);
    expect(cluster.gaps).toContainEqual(expect.objectContaining({ what: 'the ports of Windows nodes: windows-1' }));
  });

  it('is told without the nodes, for those with an object and for all others', async () => {
    await setCalico(admin(), USUAL);
    await makeCalicoNode(admin(), []);
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { name: 'node.worker-2', spec: { natPortRange: '24000:65535' } });
    const { access } = await newRestrictedUser(admin(), [
      { apiGroups: ['crd.projectcalico.org'], resources: ['felixconfigurations'], verbs: ['list'] },
      { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['list'] },
    ]);
    const cluster = await rangeOf({ access });
    expect(story(cluster)).toEqual(['worker-2: 24000-65535 by node', '(any other node): 32768-65535 by default']);
    expect(cluster.gaps).toContainEqual(expect.objectContaining({ id: 'nodes', why: 'forbidden: list nodes' }));
  });
});

describeCluster('the range of NodePorts', () => {
  beforeEach(() => setCalico(admin(), USUAL));

  it('is the API server’s own answer when it is asked', async () => {
    const { nodePorts, gaps } = await rangeOf({ asksNodePorts: true });
    expect(nodePorts).toEqual({ range: { first: 30_000, last: 32_767 }, source: 'api-server-answer' });
    expect(gaps.filter(({ id }) => id === 'node-port-range')).toEqual([]);
  });

  it('is the default while nothing speaks against it, and that is said', async () => {
    const { nodePorts, gaps } = await rangeOf();
    expect(nodePorts).toMatchObject({ source: 'assumed' });
    expect(gaps).toContainEqual(
      expect.objectContaining({ id: 'node-port-range', remedy: 'portolan range --ask-node-ports' }),
    );
  });

  it("is Felix's hint, unless a NodePort in use stands outside", async () => {
    await makeCalico(admin(), { spec: { kubeNodePortRanges: ['20000:29999', '31000:32000'] } });
    expect((await rangeOf()).nodePorts).toEqual({ range: { first: 20_000, last: 32_000 }, source: 'felix-hint' });
    const services = '/api/v1/namespaces/default/services';
    const body = { metadata: { name: 'outside' }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 32_700 }] } };
    await expectAnswer(admin(), { method: 'POST', path: services, body }, 201);
    expect((await rangeOf()).nodePorts).toMatchObject({ source: 'assumed' });
    await expectAnswer(admin(), { method: 'DELETE', path: `${services}/outside` }, 200);
  });
});
