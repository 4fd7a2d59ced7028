// A cluster diagnosed through its real API server and exec into real nodes, with nothing installed: against what the kernel of
// each node shows, and with everything that can be in the way.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { valueAt } from './api-request.ts';
import { LabCluster } from './lab/lab-cluster.ts';
import { CHECKOUT } from './lab/lab-cluster-options.ts';
import { portolanAs } from './portolan-run.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

/** All but a few of 32768-65535, which Felix writes into the nodes' rules. */
const NEARLY_ALL = Uint16Array.from({ length: 32_500 }, (_, index) => 32_768 + index);
const SOME = Uint16Array.from({ length: 3000 }, (_, index) => 40_000 + index);

interface Node {
  readonly node: string;
  readonly severity: string;
  readonly verdict: string | null;
  readonly whyNotRead: string | null;
  readonly totals: { readonly flows: number } | null;
  readonly portSpaces: readonly Space[] | null;
}

interface Space {
  readonly usedPorts: number;
  readonly remotePort: number;
  readonly holders: readonly {
    readonly kind: string;
    readonly name: string;
    readonly podsHere: number;
    readonly ports: number;
  }[];
}

describeCluster('portolan diagnose in a cluster', () => {
  let lab: LabCluster;
  beforeAll(async () => {
    const services = [{ name: 'lb', workload: CHECKOUT, kind: 'NodePort' as const, port: 80, nodePort: 30_080 }];
    lab = await LabCluster.start(sharedCluster(), { nodes: 2, podsPerNode: 9, services });
    const remoteAddress = lab.server(0).addresses[0] ?? '';
    const podsOf = (name: string): string[] =>
      lab.node(0).pods.flatMap(({ workload, address }) => (workload.name === name ? [address] : []));
    const full = { remoteAddress, remotePort: 443, snatPorts: NEARLY_ALL };
    await lab.node(0).hold({ ...full, sources: podsOf('checkout') });
    await lab.node(0).hold({ ...full, remotePort: 53, snatPorts: SOME, sources: podsOf('ledger') });
    await lab.node(1).hold({ ...full, snatPorts: SOME });
  }, 120_000);
  afterAll(() => lab.close());

  async function answered(...words: readonly string[]): Promise<{ code: number | null; nodes: readonly Node[] }> {
    const { code, stdout, stderr } = await portolanAs(lab.admin, 'diagnose', ...words, '--for', '0.1s', '-o', 'json');
    expect(stderr).toBe('');
    const nodes = valueAt(JSON.parse(stdout), 'nodes');
    if (!Array.isArray(nodes)) throw new Error(stdout);
    return { code, nodes: nodes as Node[] };
  }

  it('names the node that runs out first, and the workload behind it', async () => {
    const { code, stdout } = await portolanAs(lab.admin, 'diagnose', '--for', '0.1s');
    expect(code).toBe(2);
    const rows = stdout.split('\n');
    expect(rows[1]).toMatch(/^✗ node-1 .*tcp 203\.0\.113\.10:443 .* payments\/checkout /);
    // A NodePort inside the range is worth a word, and harmless.
    expect(rows[2]).toMatch(/^[✓·] node-2 .* fine$/);
    expect(stdout).toContain('1 critical, 1 fine of 2 nodes');
    expect(stdout).toContain('Next: portolan plan   (why: portolan diagnose --node node-1)');
  });

  it('counts what the kernel of each node holds, and names whose it is', async () => {
    const { nodes } = await answered();
    const held = lab.nodes.map((node) => node.host.print('conntrack', '-L').trimEnd().split('\n').length);
    expect(nodes.map(({ totals }) => totals?.flows)).toEqual(held);
    expect(nodes[0]?.portSpaces?.[0]?.holders[0]).toMatchObject({
      kind: 'Deployment',
      name: 'checkout',
      podsHere: 3,
      ports: NEARLY_ALL.length,
    });
    const [second] = nodes[1]?.portSpaces ?? [];
    expect(second?.holders.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
      'CronJob nightly',
      'Deployment checkout',
      'StatefulSet ledger',
    ]);
    expect(second?.holders.reduce((sum, { ports }) => sum + ports, 0)).toBe(SOME.length);
  });

  it('shows one node in full, as on the node itself', async () => {
    const { code, stdout, stderr } = await portolanAs(lab.admin, 'diagnose', '--node', 'node-1', '--for', '0.1s');
    expect([code, stderr]).toEqual([2, '']);
    expect(stdout).toContain('who: payments/checkout (Deployment, 3 pods here)');
    expect(stdout).toContain('100 % of flows attributed to a pod or the node');
    expect(stdout).toMatch(/Next: portolan plan --node node-1\n$/);
  });

  it('keeps to the port spaces of the pods asked about, and to their nodes', async () => {
    const { nodes } = await answered('-n', 'data', '-l', 'app=ledger');
    expect(nodes.map(({ node }) => node)).toEqual(['node-1', 'node-2']);
    expect(nodes[0]?.portSpaces?.map(({ remotePort }) => remotePort)).toEqual([53]);
  });

  it('takes any flag of a cluster for one, and --local for this node', async () => {
    const { code, stdout } = await portolanAs(lab.admin, 'diagnose', '--local', '--for', '0.1s', '-o', 'json');
    expect([code === null, valueAt(JSON.parse(stdout), 'schema')]).toEqual([false, 'portolan.dev/output/diagnosis/v1']);
    expect((await answered('-A')).nodes).toHaveLength(2);
  });

  it('finds the pods behind a port of a node by its address, one for each remote', async () => {
    const { code, stdout, stderr } = await portolanAs(lab.admin, 'who', `${lab.node(0).address}:40100`);
    expect([code, stderr]).toEqual([0, '']);
    const said = stdout.replaceAll(/\s+/g, ' ');
    expect(said).toMatch(/^192\.0\.2\.10:40100 on node-1, /);
    expect(said).toMatch(
      /pod data\/ledger-\S+ of data\/ledger \(StatefulSet\), \S+ ESTABLISHED, to tcp 203\.0\.113\.10:53 /,
    );
    expect(said).toMatch(
      /pod payments\/checkout-\S+ of payments\/checkout \(Deployment\), \S+ ESTABLISHED, to tcp 203\.0\.113\.10:443 /,
    );
    const claimed = await portolanAs(lab.admin, 'who', `${lab.node(1).address}:9100`);
    expect([claimed.code, claimed.stderr]).toEqual([3, '']);
    expect(claimed.stdout).toContain('Also claimed by: tcp 9100 hostPort of DaemonSet monitoring/node-exporter');
    const nobody = await portolanAs(lab.admin, 'who', '198.51.100.77:40100');
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('2 nodes, none with that address')]);
  });

  it('plans for the load that the nodes really carry, by the labels of the workload that opens it', async () => {
    const { code, stdout, stderr } = await portolanAs(lab.admin, 'plan', '--for', '0.1s', '-o', 'json');
    expect(stderr).toBe('');
    expect(code).not.toBe(1);
    const plan: unknown = JSON.parse(stdout);
    expect(valueAt(plan, 'situation', 'workload')).toEqual({
      namespace: 'payments',
      name: 'checkout',
      kind: 'deployment',
      matchLabels: { app: 'checkout' },
    });
    expect(valueAt(plan, 'situation', 'placement')).toMatchObject({
      nodes: 2,
      maxNodes: 2,
      hottestNodeShare: NEARLY_ALL.length / (NEARLY_ALL.length + SOME.length),
    });
    expect(valueAt(plan, 'situation', 'ports')).toMatchObject({ podCidrs: ['10.244.0.0/16'], vxlan: false });
    expect(valueAt(plan, 'cluster')).toEqual({
      context: 'test',
      nodes: ['node-1', 'node-2'],
      layers: [{ layer: 'default', place: 'FelixConfiguration default', nodes: 2 }],
    });
  });

  it('says beforehand which range would not do', async () => {
    const update = await portolanAs(lab.admin, 'preflight', '--for', '0.1s');
    expect([update.code, update.stderr]).toEqual([0, '']);
    expect(update.stdout).toContain('keeps its range:');
    const narrow = await portolanAs(lab.admin, 'preflight', '--to', '60000:65535', '--for', '0.1s');
    expect([narrow.code, narrow.stderr]).toEqual([2, '']);
    expect(narrow.stdout).toMatch(/✗ node-1 .*payments\/checkout .*does not fit/);
    expect(narrow.stdout).toContain('\nportolan apply --nat-port-range 1025:65535\n');
    expect(narrow.stdout).toContain('Next: portolan plan --node node-1');
  });

  it('reports the nodes that can be read while others cannot', async () => {
    await lab.node(1).setKubeletFault({ refuse: true });
    const { code, nodes } = await answered();
    expect(code).toBe(2);
    expect(nodes.map(({ node, severity }) => `${node} ${severity}`)).toEqual(['node-1 critical', 'node-2 unknown']);
    expect(nodes[1]?.whyNotRead).toContain('does not reach its kubelet');
    await lab.node(1).setKubeletFault({});
  });

  it('gives up a node that takes too long', async () => {
    await lab.node(0).setKubeletFault({ hang: true });
    const { code, nodes } = await answered('--timeout', '15s');
    expect(code).toBe(3);
    expect(nodes.map(({ node }) => node)).toEqual(['node-1', 'node-2']);
    expect(nodes[1]?.whyNotRead).toBeNull();
    expect(nodes[0]?.whyNotRead).toContain('did not end within');
    await lab.node(0).setKubeletFault({});
  });

  it('says what it may not do, and which right would let it', async () => {
    const rules = [{ apiGroups: [''], resources: ['nodes', 'pods', 'services'], verbs: ['get', 'list'] }];
    const { access } = await newRestrictedUser(lab.admin, rules);
    const { code, stdout } = await portolanAs(access, 'diagnose', '--for', '0.1s');
    expect(code).toBe(3);
    expect(stdout).toContain('not read: exec forbidden');
    expect(stdout).toContain('node-1 (+1)');
  });
});
