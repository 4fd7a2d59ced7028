// Who held a port at a time that is past: the agent's memory of a real connection, beside the tuple that conntrack printed while
// it was there; with a pod that is gone meanwhile, and one that has its address now.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAnswer, valueAt } from '../api-request.ts';
import { portolanAs } from '../portolan-run.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { until } from '../until.ts';
import { LabAgents } from './lab-agents.ts';
import { LabCluster } from './lab-cluster.ts';
import { makePod, podPath } from './lab-pods.ts';

const PORT = 45_678;
/** Times are kept in whole seconds. */
const APART_MILLISECONDS = 2100;

describeCluster('portolan who --at', () => {
  let lab: LabCluster;
  let agents: LabAgents;
  /** While the connection was there, and after it. */
  let [during, after] = ['', ''];
  /** `src=... sport=...` of its first direction. */
  let tuple = '';
  beforeAll(async () => {
    lab = await LabCluster.start(sharedCluster(), { nodes: 2, podsPerNode: 1 });
    agents = await LabAgents.install(lab.admin);
    await agents.start(lab.node(0));
    const node = lab.node(0);
    await until('the agent knows the pods', async () =>
      (await ask('10s', 'json')).stdout.includes('"podsAgeSeconds": 0'),
    );
    const remoteAddress = lab.server(0).addresses[0] ?? '';
    await node.hold({ remoteAddress, remotePort: 443, snatPorts: Uint16Array.of(PORT) });
    tuple =
      /src=\S+ dst=\S+ sport=\d+/.exec(
        node.host.print('conntrack', '-L', '-p', 'tcp', '--reply-port-dst', String(PORT)),
      )?.[0] ?? '';
    await sleep(APART_MILLISECONDS);
    during = new Date().toISOString();
    await sleep(APART_MILLISECONDS);
    node.host.print('conntrack', '-D', '-p', 'tcp', '--reply-port-dst', String(PORT));
    await sleep(APART_MILLISECONDS);
    after = new Date().toISOString();
  }, 120_000);
  afterAll(async () => {
    await agents.close();
    await lab.close();
  });

  function ask(at: string, format = 'table', index = 0) {
    const question = `${lab.node(index).address}:${PORT}`;
    return portolanAs(lab.admin, 'who', question, '--at', at, '--agent-namespace', agents.namespace, '-o', format);
  }

  function text({ stdout }: { readonly stdout: string }): string {
    return stdout.replaceAll(/\s+/g, ' ');
  }

  it('names the pod of a connection that has ended, and from when to when it was there', async () => {
    const pod = lab.node(0).pod(0);
    const { code, stdout, stderr } = await ask(during, 'json');
    expect([code, stderr]).toEqual([0, '']);
    const document: unknown = JSON.parse(stdout);
    const [, source, , sourcePort] = /src=(\S+) (dst=\S+) sport=(\d+)/.exec(tuple) ?? [];
    expect(valueAt(document, 'holders')).toEqual([
      expect.objectContaining({
        protocol: 'tcp',
        remoteAddress: lab.server(0).addresses[0],
        remotePort: 443,
        sourceAddress: source,
        sourcePort: Number(sourcePort),
        kind: 'Deployment',
        namespace: 'payments',
        name: 'checkout',
        pod: `payments/${pod.name}`,
        fromIsExact: true,
        toIsExact: true,
      }),
    ]);
    expect(source).toBe(pod.address);
    const [holder] = [valueAt(document, 'holders')].flat();
    expect(String(valueAt(holder, 'from')) <= during && during < String(valueAt(holder, 'to'))).toBe(true);
    expect(valueAt(document, 'reachesAt')).toBe(true);
    const said = text(await ask(during));
    expect(said).toContain(
      `pod payments/${pod.name} of payments/checkout (Deployment), ${source}:${sourcePort}, to tcp`,
    );
    expect(said).toMatch(
      /has watched since \S+ and has forgotten nothing since\. Next: portolan diagnose --node node-1/,
    );
  });

  it('says that nobody held it afterwards, and that nothing is known of before', async () => {
    const later = await ask(after);
    expect([later.code, text(later)]).toEqual([3, expect.stringContaining('Nobody: no translated connection held')]);
    const before = await ask('1d');
    expect([before.code, text(before)]).toEqual([3, expect.stringContaining('nobody watched this node then')]);
  });

  it('still names the pod when it is gone, and not the one that has its address now', async () => {
    const pod = lab.node(0).pod(0);
    const old = { namespace: pod.workload.namespace, name: pod.name };
    await expectAnswer(lab.admin, { method: 'DELETE', path: podPath(old), body: { gracePeriodSeconds: 0 } }, 200);
    const node = { name: 'node-1', address: lab.node(0).address };
    const startedAt = new Date().toISOString().replace(/\.\d+/, '');
    const containers = [{ name: 'main' }];
    await makePod(lab.admin, { ...old, name: 'successor', node, address: pod.address, containers, startedAt });
    await lab.node(0).hold({
      remoteAddress: lab.server(0).addresses[0] ?? '',
      remotePort: 443,
      snatPorts: Uint16Array.of(PORT),
    });
    await until('the new pod holds it', async () => text(await ask('100ms')).includes('payments/successor'));
    expect(text(await ask('100ms'))).toContain(', and still');
    expect(text(await ask(during))).toContain(`pod payments/${pod.name} of`);
    expect(text(await ask(during))).not.toContain('successor');
  });

  it('says what to do where no agent runs', async () => {
    const { code, stdout, stderr } = await ask(during, 'table', 1);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('of node node-2: no agent runs there');
    expect(stderr).toContain('portolan install puts agents on the nodes');
  });

  it.each([
    [['who', '192.0.2.10:1', '--at', 'noon'], 'Cannot read --at: noon, wanted a time with its offset'],
    [['who', '192.0.2.10:1', '--at', '2999-01-01T00:00:00Z'], 'a time to come given'],
    [['who', '192.0.2.10:1', '--at', '10m', '--local'], 'given for this node, wanted a cluster with agents'],
  ])('refuses %j', async (words, why) => {
    const { code, stderr } = await portolanAs(lab.admin, ...words);
    expect([code, stderr]).toEqual([1, expect.stringContaining(why)]);
  });
});
