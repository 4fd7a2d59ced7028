// `portolan install --publish` on a real API server: what its account may write with the token that a kubelet gives the pod of a
// node, what the admission policy keeps it from, the agent as a process with that token, and what uninstall takes back.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiAccess, accessAs, writeKubeconfig } from './api-access.ts';
import { apiRequest, expectAnswer, textAt, valueAt } from './api-request.ts';
import { calico } from './calicoctl-run.ts';
import { newNamespace } from './namespaces.ts';
import { eventsOf, kubeletHeartbeat, makeKubeletNode, othersOf, pressureOf, removeNode } from './published-nodes.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { until } from './until.ts';
import { makePod } from './workload-objects.ts';

const IMAGE = 'registry.example/portolan:1';
const NODE_CHILD = fileURLToPath(new URL('./agent-node-child.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../../bin/portolan.js', import.meta.url));
const APPLY = 'application/apply-patch+yaml';
const MERGE = 'application/merge-patch+json';
const PRESSURE = { type: 'SNATPortPressure', status: 'False', reason: 'R', message: 'm' };

function admin(): ApiAccess {
  return sharedCluster().admin;
}

/** A pod of the agents on a node, and the token that the kubelet there would mount into it. */
async function agentOn(namespace: string, node: string): Promise<ApiAccess> {
  const pod = { namespace, name: `agent-${node}`, node, spec: { serviceAccountName: 'portolan-agent' } };
  await makePod(admin(), pod);
  const stored = await expectAnswer(admin(), { path: `/api/v1/namespaces/${namespace}/pods/${pod.name}` }, 200);
  const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: textAt(stored, 'metadata', 'uid') };
  return tokenOf(namespace, { boundObjectRef });
}

async function tokenOf(namespace: string, spec: object): Promise<ApiAccess> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/portolan-agent/token`;
  const answer = await expectAnswer(admin(), { method: 'POST', path, body: { spec } }, 201);
  return accessAs(admin(), { token: textAt(answer, 'status', 'token') });
}

function apply(access: ApiAccess, node: string, conditions: readonly object[]): ReturnType<typeof apiRequest> {
  const path = `/api/v1/nodes/${node}/status?fieldManager=portolan-agent`;
  const body = { apiVersion: 'v1', kind: 'Node', metadata: { name: node }, status: { conditions } };
  return apiRequest(access, { method: 'PATCH', path, body, contentType: APPLY });
}

describeCluster('portolan install --publish', () => {
  let namespace: string;
  let [mine, theirs] = ['', ''];
  beforeEach(async () => {
    namespace = await newNamespace(admin());
    [mine, theirs] = [`mine-of-${namespace}`, `theirs-of-${namespace}`];
    for (const node of [mine, theirs]) await makeKubeletNode(admin(), node);
    const { code, stdout } = await calico(['install', '--image', IMAGE, '-n', namespace, '--publish']);
    expect([code, stdout.match(/ created$/gm)?.length]).toEqual([0, 14]);
  });
  afterEach(async () => {
    await calico(['uninstall', '-n', namespace]);
    for (const node of [mine, theirs]) await removeNode(admin(), node);
  });

  /** Policies take effect a moment after they are made. */
  async function limited(agent: ApiAccess): Promise<void> {
    await until('the policy is in force', async () => (await apply(agent, theirs, [PRESSURE])).status === 422);
    await apply(admin(), theirs, []);
  }

  it('lets an agent write its condition on its own node, and on no other', async () => {
    const agent = await agentOn(namespace, mine);
    await limited(agent);
    expect((await apply(agent, mine, [PRESSURE])).status).toBe(200);
    const refused = await apply(agent, theirs, [PRESSURE]);
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('an agent writes to the status of the node it runs on');
    expect(await pressureOf(admin(), theirs)).toBeUndefined();
    // A token that no kubelet gave names no node.
    const unbound = await apply(await tokenOf(namespace, {}), mine, [PRESSURE]);
    expect(unbound.status).toBe(422);
  });

  it('lets it change nothing else of that node', async () => {
    const agent = await agentOn(namespace, mine);
    await limited(agent);
    const before = await othersOf(admin(), mine);
    const path = `/api/v1/nodes/${mine}/status`;
    const ready = { type: 'Ready', status: 'False', reason: 'R', message: 'm' };
    const patches: readonly (readonly [object, string])[] = [
      [{ status: { conditions: [ready] } }, MERGE],
      [{ status: { conditions: [ready] } }, 'application/strategic-merge-patch+json'],
      [{ status: { conditions: null } }, MERGE],
      [{ status: { addresses: [{ type: 'InternalIP', address: '192.0.2.66' }] } }, MERGE],
      [{ status: { addresses: null } }, MERGE],
      [{ status: { capacity: { cpu: '400' } } }, MERGE],
      [{ status: { images: [] } }, MERGE],
      [{ status: { volumesInUse: ['v'] } }, MERGE],
      [{ metadata: { labels: { tier: 'gold' } } }, MERGE],
      [{ metadata: { annotations: { a: 'b' } } }, MERGE],
    ];
    for (const [body, contentType] of patches) {
      const { status } = await apiRequest(agent, { method: 'PATCH', path, body, contentType });
      expect([body, status]).toEqual([body, 422]);
    }
    // The spec is taken back by the API server itself.
    const spec = { method: 'PATCH', path, body: { spec: { unschedulable: true } }, contentType: MERGE } as const;
    expect((await apiRequest(agent, spec)).status).toBe(200);
    const whole = { method: 'PATCH', path: `/api/v1/nodes/${mine}`, body: {}, contentType: MERGE } as const;
    expect((await apiRequest(agent, whole)).status).toBe(403);
    expect(await othersOf(admin(), mine)).toEqual(before);
    // Whoever else writes to nodes is not asked.
    await kubeletHeartbeat(admin(), mine, '2026-01-02T03:14:05Z');
  });

  it('is enough for an agent, which tells what it sees and takes it back when it ends', async () => {
    const agent = await agentOn(namespace, mine);
    await limited(agent);
    await withAgent(agent, mine, async (metrics) => {
      await until('the condition is there', async () => (await pressureOf(admin(), mine)) !== undefined);
      // No rule of that node names a range, and its hundred connections hold all the ports that were seen.
      const message = expect.stringMatching(/^tcp 203\.0\.113\.1:443 via 192\.0\.2\.10: Open connections hold so many/);
      expect(await pressureOf(admin(), mine)).toMatchObject({ status: 'True', reason: 'PortsExhausted', message });
      await until('an Event says so', async () => (await eventsOf(admin(), mine)).length > 0);
      expect(await eventsOf(admin(), mine)).toMatchObject([{ type: 'Warning', reason: 'PortsExhausted', message }]);
      expect(await metrics()).toContain('\nportolan_agent_publishing 1\n');
    });
    expect(await pressureOf(admin(), mine)).toBeUndefined();
  });

  it('is taken back by uninstall, with what a killed agent left behind', async () => {
    const agent = await agentOn(namespace, mine);
    await until('the rights are there', async () => (await apply(agent, mine, [PRESSURE])).status === 200);
    const gone = await calico(['uninstall', '-n', namespace]);
    expect([gone.code, gone.stdout.match(/ deleted$/gm)?.length]).toEqual([0, 14]);
    expect(gone.stderr).toContain('Condition SNATPortPressure taken from 1 node\n');
    expect(await pressureOf(admin(), mine)).toBeUndefined();
    expect((await apply(agent, mine, [PRESSURE])).status).toBe(403);
  });

  it('is taken back by an install without it, and the agents are told', async () => {
    const { code, stdout } = await calico(['install', '--image', IMAGE, '-n', namespace]);
    expect([code, stdout.match(/ deleted$/gm)?.length]).toEqual([0, 6]);
    expect(stdout).toContain('daemonset/portolan-agent configured');
    const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets/portolan-agent`;
    const stored = await expectAnswer(admin(), { path }, 200);
    expect(JSON.stringify(valueAt(stored, 'spec'))).not.toContain('--publish');
  });
});

/** As the DaemonSet runs it, but on loopback, for a node in a namespace of its own; ended by SIGTERM. */
async function withAgent(
  access: ApiAccess,
  node: string,
  use: (metrics: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const folder = new ScratchFolder('portolan-agent-');
  const children: ChildProcess[] = [];
  let said = '';
  try {
    const watched = spawn('unshare', ['-n', process.execPath, NODE_CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(watched);
    await once(watched.stdout, 'data');
    const kubeconfig = join(folder.path, 'kubeconfig');
    writeKubeconfig(kubeconfig, access);
    const place = [`--name=${node}`, `--netns=/proc/${watched.pid}/ns/net`, `--kubeconfig=${kubeconfig}`];
    const words = [PROGRAM, 'agent', ...place, '--listen=127.0.0.1:0', '--publish'];
    const agent = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    children.unshift(agent);
    agent.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await use(async () => {
      const url = /metrics on (\S+)/.exec(said)?.[1] ?? said;
      return (await fetch(url)).text();
    });
  } finally {
    for (const child of children) {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    folder.remove();
  }
  expect(said).not.toContain('Cannot');
}
