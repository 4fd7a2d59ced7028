// Reads the facts of a cluster as a command would, or fetches the same pages and throws them away, and prints what it took.
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import type { RetryWorld } from '../src/kube/access/api-client.ts';
import { openApiClient } from '../src/kube/access/open-api-client.ts';
import { readClusterFacts } from '../src/kube/resources/read-cluster-facts.ts';

export interface ClusterRun {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly peakMegabytes: number;
  readonly found: string;
}

const PATHS = ['/api/v1/nodes', '/api/v1/services', '/api/v1/pods', '/apis/apps/v1/replicasets', '/apis/batch/v1/jobs'];
const PAGE_OBJECTS = 500;

const [mode = '', folder = '', server = ''] = process.argv.slice(2);
const world: RetryWorld = { random: () => 0.5, sleep: () => Promise.resolve() };
// Loading the client library is start-up, which every command about a cluster has.
const client = await openApiClient({ kubeconfig: join(folder, 'kubeconfig'), variables: {} }, world);
const start = performance.now();
const cpu = process.cpuUsage();
const found = mode === 'read' ? await readAll() : await discardAll();
const { user, system } = process.cpuUsage(cpu);
const milliseconds = performance.now() - start;
// Not ru_maxrss: that starts at what the parent held when it forked.
const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
const run: ClusterRun = {
  milliseconds,
  cpuMilliseconds: (user + system) / 1000,
  peakMegabytes: Number(peak) / 1024,
  found,
};
console.log(JSON.stringify(run));

async function readAll(): Promise<string> {
  const { signal } = new AbortController();
  const { nodes, pods, serviceClaims, gaps } = await readClusterFacts(client, { at: '2026-01-02T03:04:05Z', signal });
  client.close();
  if (!nodes.seen || !pods.seen || !serviceClaims.seen) throw new Error(JSON.stringify(gaps));
  const deployments = new Set(pods.value.map(({ workload }) => workload)).size;
  const counts = [nodes.value.length, pods.value.length, serviceClaims.value.length, deployments];
  return counts.map((count) => count.toLocaleString('en')).join(' / ');
}

async function discardAll(): Promise<string> {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(join(folder, 'cert.pem')) });
  let bytes = 0;
  for (const path of PATHS) {
    for (let next: string | undefined = ''; next !== undefined; ) {
      const from = next === '' ? '' : `&continue=${next}`;
      const page = await discard(new URL(`${path}?limit=${PAGE_OBJECTS}${from}`, server), agent);
      bytes += page.bytes;
      next = page.next;
    }
  }
  agent.destroy();
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** Keeps of a page no more than its position. */
function discard(url: URL, agent: Agent): Promise<{ readonly bytes: number; readonly next: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let bytes = 0;
      let next: string | undefined;
      response.on('data', (chunk: Buffer) => {
        if (bytes === 0) next = /"continue":"([^"]+)"/.exec(chunk.toString('latin1', 0, 1000))?.[1];
        bytes += chunk.length;
      });
      response.once('end', () => resolve({ bytes, next }));
    }).once('error', reject);
  });
}
