// The pods of one node, ten thousand of them, more than any kubelet takes: the agent follows them all, and neither its memory of
// them nor its metrics grow without bound.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NodePods } from '../../src/agent/pods/node-pods.ts';
import type { ClusterClient } from '../../src/kube/access/api-client.ts';
import { exposition } from '../../src/protocol/metrics/exposition.ts';
import { sampleReport } from '../agent/sample-report.ts';
import type { ApiAccess } from './api-access.ts';
import { type ApiSession, expectAnswer, openSession } from './api-request.ts';
import { withClient } from './kube-client.ts';
import { newNamespace } from './namespaces.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';
import { until } from './until.ts';
import { makePod, makeReplicaSet } from './workload-objects.ts';

const PODS = 10_000;
const AT_ONCE = 8;
/** One pod in so many has an address. */
const ADDRESS_EACH = 10;
const NODE = 'crowded';

function addressOf(index: number): string {
  return `10.${244 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

/** Scheduled, and its sandbox not yet made. */
async function makePending(
  session: ApiSession,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<void> {
  const body = { metadata: { name }, spec: { nodeName: NODE, containers: [{ name: 'main', image: 'none' }] } };
  await expectAnswer(session, { method: 'POST', path: `/api/v1/namespaces/${namespace}/pods`, body }, 201);
}

/** The others wait for one: half the requests. */
function hasAddress(index: number): boolean {
  return index % ADDRESS_EACH === 0;
}

async function makePods(session: ApiSession, namespace: string): Promise<void> {
  let next = 0;
  const owner = { kind: 'ReplicaSet', name: 'web-1' };
  const work = async (): Promise<void> => {
    for (let index = next++; index < PODS; index = next++) {
      const name = `web-${index}`;
      if (hasAddress(index))
        await makePod(session, { namespace, name, node: NODE, owner, status: { podIPs: [{ ip: addressOf(index) }] } });
      else await makePending(session, { namespace, name });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

describeCluster('ten thousand pods on a node', () => {
  // Of its own: what is left of so many pods would slow the others down.
  let cluster: TestCluster;
  let session: ApiSession;
  let namespace: string;
  beforeAll(async () => {
    cluster = await TestCluster.start({ binaries: sharedCluster().binaries });
    session = openSession(cluster.admin);
    namespace = await newNamespace(cluster.admin);
    await makeReplicaSet(cluster.admin, { namespace, name: 'web-1', owner: { kind: 'Deployment', name: 'web' } });
    await makePods(session, namespace);
  }, 300_000);
  afterAll(async () => {
    session.agent.destroy();
    await cluster.stop();
  });

  it('are all known by name and workload, with one question about what owns them', async () => {
    await followed(cluster.admin, async (pods, asked) => {
      await until('all are known', () => pods.report().ageSeconds === 0);
      expect(pods.report()).toEqual({ known: PODS, ageSeconds: 0, gaps: [] });
      for (const index of [0, 5000, 9990])
        expect(pods.podOf(addressOf(index))).toMatchObject({
          name: `web-${index}`,
          workload: { kind: 'Deployment', name: 'web' },
        });
      expect(asked().filter((path) => path.includes('/replicasets/'))).toHaveLength(1);
      const path = `/api/v1/namespaces/${namespace}/pods/web-9990?gracePeriodSeconds=0`;
      await expectAnswer(cluster.admin, { method: 'DELETE', path }, 200);
      await until('one that ends is forgotten', () => pods.podOf(addressOf(9990)) === undefined);
      const report = sampleReport({ spaces: 20, sources: 50 });
      const process = { cpuSeconds: 1, startSeconds: 1 };
      const names = { podOf: (address: string) => pods.podOf(address), pods: pods.report() };
      // Of the sixteen sources of each port space two have a pod, of the fifty of the node five.
      const lines = exposition({ report, process, version: '0', ...names }, 'prometheus').split('\n');
      expect(lines.filter((line) => line.includes('pod="web-'))).toHaveLength(20 * 2 + 5);
      expect(lines).toContain(`portolan_agent_pods ${PODS - 1}`);
    });
  });
});

/** Follows the pods of the node; `asked` is every path that was. */
async function followed(
  access: ApiAccess,
  use: (pods: NodePods, asked: () => readonly string[]) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const world = { random: () => 0, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 20)) };
  await withClient(access, async (client) => {
    const paths: string[] = [];
    const counted: ClusterClient = {
      context: client.context,
      server: client.server,
      send: (request, signal) => {
        paths.push(request.path);
        return client.send(request, signal);
      },
      stream: (request, signal) => client.stream(request, signal),
      converse: (request, signal) => client.converse(request, signal),
      close: () => client.close(),
    };
    const { signal } = stopping;
    const now = (): number => 0;
    const pods = new NodePods({ client: counted, node: NODE, world, now, clock: now, say: () => undefined, signal });
    const following = pods.run();
    try {
      await use(pods, () => paths);
    } finally {
      stopping.abort(new Error('enough'));
      await following;
    }
  });
}
