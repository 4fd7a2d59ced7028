// An agent whose API server goes away: whoever was allowed is answered on, the connections are counted on, and only the names of
// pods grow old, which is said.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseExposition } from '../agent/parse-exposition.ts';
import type { ApiAccess } from './api-access.ts';
import { newNamespace } from './namespaces.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';
import { until } from './until.ts';
import { makePod } from './workload-objects.ts';

const NODE_CHILD = fileURLToPath(new URL('./agent-node-child.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../../bin/portolan.js', import.meta.url));
const NODE = 'n';

function tokenOf({ credentials }: ApiAccess): string {
  if (!('token' in credentials)) throw new Error('Cannot ask as somebody without a token');
  return credentials.token;
}

describeCluster('an agent without its API server', () => {
  let cluster: TestCluster;
  const children: ChildProcess[] = [];
  let [url, said] = ['', ''];
  let namespace: string;
  let [known, stranger] = ['', ''];
  beforeAll(async () => {
    cluster = await TestCluster.start({ binaries: sharedCluster().binaries });
    const { admin } = cluster;
    namespace = await newNamespace(admin);
    await makePod(admin, { namespace, name: 'web', node: NODE, status: { podIPs: [{ ip: '10.244.0.5' }] } });
    const rules = [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }];
    known = tokenOf((await newRestrictedUser(admin, rules)).access);
    stranger = tokenOf((await newRestrictedUser(admin, rules)).access);
    const watched = spawn('unshare', ['-n', process.execPath, NODE_CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(watched);
    await once(watched.stdout, 'data');
    const place = [`--name=${NODE}`, `--netns=/proc/${watched.pid}/ns/net`, `--kubeconfig=${cluster.kubeconfig}`];
    const words = [PROGRAM, 'agent', ...place, '--listen=127.0.0.1:0', '--cluster', '--authorize'];
    const agent = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(agent);
    agent.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until('the agent listens', () => said.includes('metrics on'));
    url = /metrics on (\S+)/.exec(said)?.[1] ?? '';
  });
  afterAll(async () => {
    for (const child of children) {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await cluster.stop();
  });

  async function scrape(token: string): Promise<{ status: number; value: (name: string) => number | undefined }> {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    const series = response.status === 200 ? parseExposition(text) : new Map<string, never>();
    return { status: response.status, value: (name) => series.get(name)?.[0]?.value };
  }

  it('goes on, says how old its names are, and answers nobody new', async () => {
    await until('the pod is known', async () => (await scrape(known)).value('portolan_agent_pods_age_seconds') === 0);
    const before = await scrape(known);
    await cluster.killApiServer();
    await until('that is noticed', () => said.includes('Cannot follow the pods of the node'));
    await until('the names grow old', async () => {
      const { value } = await scrape(known);
      return (value('portolan_agent_pods_age_seconds') ?? 0) > 0;
    });
    const after = await scrape(known);
    expect(after.status).toBe(200);
    for (const name of ['portolan_agent_pods', 'portolan_flows', 'portolan_port_space_ports'])
      expect([name, after.value(name)]).toEqual([name, before.value(name)]);
    expect((await scrape(stranger)).status).toBe(503);
    await cluster.restartApiServer();
    await until('the names are new again', async () => {
      const { value } = await scrape(known);
      return value('portolan_agent_pods_age_seconds') === 0;
    });
    expect((await scrape(stranger)).status).toBe(200);
  });
});
