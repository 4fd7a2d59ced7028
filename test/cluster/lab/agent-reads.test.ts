// Nodes read through their agents: the real agent as a process in each node's network, with the account that install makes,
// reached by port-forward of the real API server. Beside it the same nodes read by exec, and everything that can be in the way.
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findAgents } from '../../../src/kube/agents/find-agents.ts';
import type { AgentPod } from '../../../src/kube/agents/parse-agent-pod.ts';
import { ForwardedSocket } from '../../../src/kube/forward/forwarded-socket.ts';
import type { ApiAccess } from '../api-access.ts';
import { type ApiRequest, apiRequest, expectAnswer, valueAt } from '../api-request.ts';
import { withClient } from '../kube-client.ts';
import { portolanAs } from '../portolan-run.ts';
import { newRestrictedUser, type PolicyRule } from '../restricted-access.ts';
import { ScratchFolder } from '../scratch-folder.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { LabAgents } from './lab-agents.ts';
import { LabCluster } from './lab-cluster.ts';

/** Most of 32768-65535, which Felix writes into the nodes' rules. */
const NEARLY_ALL = Uint16Array.from({ length: 32_500 }, (_, index) => 32_768 + index);
const SOME = Uint16Array.from({ length: 3000 }, (_, index) => 40_000 + index);

/** What streams and sockets of Node hold before they say stop. */
const MOST_WAITING_BYTES = 2 ** 20;

interface Node {
  readonly node: string;
  readonly severity: string;
  readonly verdict: string | null;
  readonly readBy: string | null;
  readonly whyNotRead: string | null;
  readonly portSpaces: readonly Space[] | null;
}

interface Space {
  readonly usedPorts: number;
  readonly remotePort: number;
  readonly holders: readonly { readonly name: string; readonly ports: number }[];
}

interface Answered {
  readonly code: number | null;
  readonly nodes: readonly Node[];
  readonly gaps: readonly { readonly id: string; readonly why: string; readonly onNodes: readonly string[] }[];
}

describeCluster('nodes read by their agents', () => {
  let lab: LabCluster;
  let agents: LabAgents;
  const folder = new ScratchFolder('portolan-agent-reads-');
  beforeAll(async () => {
    lab = await LabCluster.start(sharedCluster(), { nodes: 2, podsPerNode: 3 });
    const remoteAddress = lab.server(0).addresses[0] ?? '';
    await lab.node(0).hold({ remoteAddress, remotePort: 443, snatPorts: NEARLY_ALL });
    await lab.node(1).hold({ remoteAddress, remotePort: 443, snatPorts: SOME });
    agents = await LabAgents.install(lab.admin);
    await agents.start(lab.node(0));
  }, 120_000);
  afterAll(async () => {
    await agents.close();
    await lab.close();
    folder.remove();
  });

  async function diagnose(access: ApiAccess, ...words: readonly string[]): Promise<Answered> {
    const common = ['--agent-namespace', agents.namespace, '--for', '0.1s', '-o', 'json'];
    const { code, stdout, stderr } = await portolanAs(access, 'diagnose', ...common, ...words);
    expect(stderr).toBe('');
    const { nodes, gaps } = answerIn(JSON.parse(stdout));
    return { code, nodes, gaps };
  }

  function answerIn(document: unknown): Pick<Answered, 'nodes' | 'gaps'> {
    return document as Answered;
  }

  it('gives the same verdicts, ports and holders as exec, and says which way each node was read', async () => {
    const asked = async () => (await lab.node(0).executed()).length;
    const start = await asked();
    const mixed = await diagnose(lab.admin);
    const between = await asked();
    const byExec = await diagnose(lab.admin, '--via', 'exec');
    expect(between - start).toBe(1);
    expect((await asked()) - between).toBeGreaterThan(12);
    expect(mixed.nodes.map(({ node, readBy }) => [node, readBy])).toEqual([
      ['node-1', 'agent'],
      ['node-2', 'exec'],
    ]);
    expect(byExec.nodes.map(({ readBy }) => readBy)).toEqual(['exec', 'exec']);
    expect(mixed.gaps.find(({ id }) => id === 'agent')).toMatchObject({
      why: 'no agent runs there',
      onNodes: ['node-2'],
    });
    expect(byExec.gaps.filter(({ id }) => id === 'agent')).toEqual([]);
    const essence = ({ nodes, code }: Answered) => ({
      code,
      nodes: nodes.map(({ node, severity, verdict, portSpaces }) => ({
        node,
        severity,
        verdict,
        spaces: portSpaces?.map(({ remotePort, usedPorts, holders }) => ({ remotePort, usedPorts, holders })),
      })),
    });
    expect(essence(mixed)).toEqual(essence(byExec));
    expect(mixed.nodes[0]?.portSpaces?.[0]?.usedPorts).toBe(NEARLY_ALL.length);
  });

  /** Why node-1 was not read by its agent. */
  async function whyNot(...words: readonly string[]): Promise<string | undefined> {
    const common = ['--agent-namespace', agents.namespace, '--node', 'node-1', '--for', '0.1s', '-o', 'json'];
    const { stdout } = await portolanAs(lab.admin, 'diagnose', ...common, ...words);
    const document: unknown = JSON.parse(stdout);
    expect([valueAt(document, 'readBy'), valueAt(document, 'totals', 'flows')]).toEqual(['exec', NEARLY_ALL.length]);
    return answerIn(document).gaps.find(({ id }) => id === 'agent')?.why;
  }

  async function agentOf(node: string): Promise<{ readonly pod: AgentPod }> {
    return withClient(lab.admin, async (client) => {
      const found = await findAgents(client, { namespace: agents.namespace, signal: new AbortController().signal });
      const agent = found.seen ? found.value.get(node) : undefined;
      if (agent === undefined || !('pod' in agent)) throw new Error(`no agent on ${node}`);
      return agent;
    });
  }

  it('shows one node in full by its agent, and what else reads nodes does it too', async () => {
    const run = async (...words: readonly string[]) => {
      const common = ['--agent-namespace', agents.namespace, '--node', 'node-1'];
      return portolanAs(lab.admin, ...words, ...common);
    };
    const before = (await lab.node(0).executed()).length;
    const one = await run('diagnose', '--for', '0.1s');
    expect(one.stdout).toContain('Read by its agent.');
    expect(one.stdout).toContain('100 % of flows attributed to a pod or the node');
    expect((await run('plan', '--for', '0.1s')).code).not.toBe(1);
    expect((await run('preflight', '--for', '0.1s')).code).not.toBe(1);
    const who = await run('who', `${lab.node(0).address}:40100`);
    expect(who.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /pod payments\/checkout-\S+ of payments\/checkout \(Deployment\)/,
    );
    const bundle = join(folder.path, 'cluster.tgz');
    const words = ['--agent-namespace', agents.namespace, '--for', '0.1s', '-o', bundle];
    expect((await portolanAs(lab.admin, 'collect', ...words)).code).toBe(0);
    const saved = await portolanAs(lab.admin, 'diagnose', bundle, '--node', 'node-1', '-o', 'json');
    expect(valueAt(JSON.parse(saved.stdout), 'readBy')).toBe('agent');
    const asked = (await lab.node(0).executed()).slice(before);
    expect(asked.map(({ command }) => command)).toEqual(asked.map(() => ['port-forward', '9976']));
    expect(asked).toHaveLength(5);
  });

  it('verifies the rules of nodes by their agents, as by exec', async () => {
    const verify = async (...words: readonly string[]) => {
      const common = ['verify', '--agent-namespace', agents.namespace, '-o', 'json', ...words];
      const { code, stdout } = await portolanAs(lab.admin, ...common);
      const nodes: unknown = valueAt(JSON.parse(stdout), 'nodes');
      return { code, nodes: Array.isArray(nodes) ? nodes : [] };
    };
    const without = ({ nodes, code }: Awaited<ReturnType<typeof verify>>) => ({
      code,
      nodes: nodes.map((node: object) => ({ ...node, readBy: null })),
    });
    const [mixed, byExec] = [await verify(), await verify('--via', 'exec')];
    expect(mixed.nodes.map((node: unknown) => valueAt(node, 'readBy'))).toEqual(['agent', 'exec']);
    expect(mixed.nodes[0]).toMatchObject({ outcome: 'as-configured', installed: '32768-65535', flowsOutside: 0 });
    expect(without(mixed)).toEqual(without(byExec));
    const text = await portolanAs(lab.admin, 'verify', '--agent-namespace', agents.namespace);
    expect(text.stdout).toContain('2 of 2 nodes as configured. 1 node read by its agent, 1 by exec.');
    const alone = await verify('--via', 'agent');
    expect([alone.code, valueAt(alone.nodes[1], 'why')]).toEqual([3, 'rules not read: no agent runs there']);
  });

  it('needs the two rights that rbac prints with --agents, and names the one that is missing', async () => {
    const { stdout } = await portolanAs(lab.admin, 'rbac', 'reader', '--agents', '-o', 'json');
    const rulesOf = (name: string): readonly PolicyRule[] => {
      const items = valueAt(JSON.parse(stdout), 'items');
      const role: unknown = (Array.isArray(items) ? items : []).find(
        (item: unknown) => valueAt(item, 'metadata', 'name') === name && valueAt(item, 'rules') !== undefined,
      );
      return rules(valueAt(role, 'rules'));
    };
    const [forward, token] = rulesOf('portolan-ask-agents');
    if (forward === undefined || token === undefined) throw new Error(stdout);
    const reader = rulesOf('portolan-reader');
    const [whole, noToken, noForward] = await Promise.all(
      [[forward, token], [forward], [token]].map((more) => newRestrictedUser(lab.admin, [...reader, ...more])),
    );
    const { nodes } = await diagnose(whole?.access ?? lab.admin, '--via', 'agent');
    expect(nodes.map(({ readBy, whyNotRead }) => [readBy, whyNotRead])).toEqual([
      ['agent', null],
      [null, 'no agent runs there'],
    ]);
    const why = async (access: ApiAccess | undefined) =>
      (await diagnose(access ?? lab.admin, '--via', 'agent')).nodes.find(({ node }) => node === 'node-1')?.whyNotRead;
    const place = `in namespace ${agents.namespace}`;
    expect(await why(noToken?.access)).toBe(
      `its agent may not be asked: no right to create serviceaccounts/token ${place}`,
    );
    expect(await why(noForward?.access)).toBe(
      `its agent may not be asked: no right to create pods/portforward ${place}`,
    );
  });

  it('falls back to exec where the agent refuses the token', async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/portolan-asker';
    const binding = await expectAnswer(lab.admin, { path }, 200);
    await expectAnswer(lab.admin, { method: 'DELETE', path }, 200);
    await agents.stop(lab.node(0));
    await agents.start(lab.node(0));
    expect(await whyNot()).toMatch(/^its agent cannot be asked: it answers 403 /);
    const { roleRef, subjects } = binding as { roleRef: unknown; subjects: unknown };
    const labels = { 'app.kubernetes.io/name': 'portolan' };
    const body = { metadata: { name: 'portolan-asker', labels }, roleRef, subjects };
    const again: ApiRequest = { method: 'POST', path: path.slice(0, path.lastIndexOf('/')), body };
    expect((await apiRequest(lab.admin, again)).status).toBe(201);
  });

  it('does not ask an agent that is not ready, and asks it again when it is', async () => {
    await agents.setReady(lab.node(0), false);
    expect(await whyNot()).toBe('its agent is not ready');
    await agents.setReady(lab.node(0), true);
    await agents.stop(lab.node(0));
    await agents.start(lab.node(0));
    expect((await diagnose(lab.admin)).nodes.map(({ readBy }) => readBy)).toEqual(['agent', 'exec']);
  });

  it('reads a node by exec when its agent is gone while its pod says that it is ready', async () => {
    await agents.kill(lab.node(0));
    expect(await whyNot()).toMatch(/^its agent cannot be asked: .*connection refused/);
  });

  it.each([
    ['garbage', 'its answer is none: its first line is not JSON'],
    ['another version', 'its answer is none: its schema is portolan.dev/facts-message/v9, wanted'],
    ['endless line', 'its answer is none: its first line is longer than 64 MiB'],
    ['endless columns', 'its answer is none: more than the 55 bytes of columns follow that belong to it'],
    ['many flows', 'its answer is none: it has more than 128 MiB of flows'],
    ['refusal', 'it answers 403 (nobody may)'],
    ['silence', 'it did not answer within 4 s'],
  ])('is not deceived or held up by what stands in the place of an agent: %s', async (manner, why) => {
    await agents.fake(lab.node(0), manner);
    const timeout = manner === 'silence' ? '8s' : '60s';
    expect(await whyNot('--timeout', timeout)).toContain(`its agent cannot be asked: ${why}`);
  });

  it('fetches no faster than it reads, so that an answer without end does not fill memory', async () => {
    await agents.fake(lab.node(0), 'endless line');
    const { pod } = await agentOf(lab.node(0).name);
    await withClient(lab.admin, async (client) => {
      const socket = new ForwardedSocket(client, pod);
      const inner = connect({ socket, rejectUnauthorized: false });
      inner.on('error', () => undefined);
      inner.write('GET /facts HTTP/1.1\r\nHost: agent\r\n\r\n');
      await once(inner, 'readable');
      const before = process.memoryUsage();
      await sleep(3000);
      const after = process.memoryUsage();
      expect(socket.readableLength + inner.readableLength).toBeLessThan(MOST_WAITING_BYTES);
      expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(8 * 2 ** 20);
      inner.destroy();
      socket.destroy();
    });
  });

  it('says how to install agents where there are none', async () => {
    const words = ['diagnose', '--via', 'agent', '--agent-namespace', 'default'];
    const { code, stdout, stderr } = await portolanAs(lab.admin, ...words);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Cannot ask agents: none runs in namespace default, wanted one on each node');
    expect(stderr).toContain('portolan install');
  });

  it('does not take an answer that is cut for a whole one', async () => {
    await agents.stop(lab.node(0));
    await agents.start(lab.node(0));
    await lab.node(0).setKubeletFault({ breakAfterBytes: 100_000 });
    const [node] = (await diagnose(lab.admin, '--via', 'agent')).nodes;
    expect([node?.node, node?.readBy]).toEqual(['node-1', null]);
    expect(node?.whyNotRead).toMatch(/^its agent cannot be asked: the connection ended early/);
    await lab.node(0).setKubeletFault({});
    expect((await diagnose(lab.admin, '--via', 'agent')).nodes[0]?.readBy).toBe('agent');
  });

  /** All of a fixer who asks agents, which is no exec. */
  async function fixerRules(): Promise<readonly PolicyRule[]> {
    const { stdout } = await portolanAs(lab.admin, 'rbac', 'fixer', '--agents', '-o', 'json');
    const items = valueAt(JSON.parse(stdout), 'items');
    const found = (Array.isArray(items) ? items : []).flatMap((item: unknown) => rules(valueAt(item, 'rules') ?? []));
    expect(JSON.stringify(found)).not.toContain('pods/exec');
    return found;
  }

  it('carries a change through a node that its agent alone may read', { timeout: 180_000 }, async () => {
    const { access } = await newRestrictedUser(lab.admin, await fixerRules());
    const common = ['--yes', '--agent-namespace', agents.namespace, '--journal-namespace', agents.namespace];
    const before = (await lab.node(0).executed()).length;
    await whileConnecting(async () => {
      const words = ['apply', '--nat-port-range', '4790:65535', '--node', 'node-1'];
      const applied = await portolanAs(access, ...words, ...common);
      expect([applied.code, applied.stderr]).toEqual([0, '']);
      expect(applied.stdout).toMatch(/node-1 {3}rule ✓ {2}new flows in range ✓ ([1-9]\d*)\/\1 {2}Felix ready ✓/);
      const undone = await portolanAs(access, 'undo', ...common);
      expect([undone.code, undone.stderr]).toEqual([0, '']);
      expect(undone.stdout).toContain('1 of 1 node as configured. Read by agents.');
    });
    const commands = (await lab.node(0).executed()).slice(before);
    expect(new Set(commands.map(({ command: [word] }) => word))).toEqual(new Set(['port-forward']));
  });

  /** New connections of a pod of the first node, ten a second. */
  async function whileConnecting(work: () => Promise<void>): Promise<void> {
    const port = 8443;
    await lab.server(0).host.run('tcp-listen', { port, manner: 'hold' });
    const target = { address: lab.server(0).addresses[0] ?? '', port, concurrency: 1, count: 1, timeoutMs: 5000 };
    let isBusy = true;
    const connecting = (async () => {
      while (isBusy) {
        await lab
          .node(0)
          .pod(0)
          .host.run('tcp-connect', { ...target, closer: 'keep' });
        await sleep(100);
      }
    })();
    try {
      await work();
    } finally {
      isBusy = false;
      await connecting;
    }
  }
});

function rules(value: unknown): readonly PolicyRule[] {
  return value as readonly PolicyRule[];
}
