// The API server dies between two pages of a list: a list that can be finished is finished, else it is an error, never a
// shorter list.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiClient } from '../../src/kube/access/api-client.ts';
import { listObjects } from '../../src/kube/access/list-objects.ts';
import { LIST_NODES } from '../../src/kube/resources/read-nodes.ts';
import { parseClusterNode } from '../../src/core/kube-objects/parse-cluster-node.ts';
import { withClient } from './kube-client.ts';
import { makeNodes } from './range-objects.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

const NODES = Array.from({ length: 30 }, (_, index) => `node-${String(index).padStart(2, '0')}`);

/** The same client, with something that happens after its first answer. */
function afterFirstPage(client: ApiClient, happens: () => Promise<void>): ApiClient {
  let answers = 0;
  return {
    context: client.context,
    server: client.server,
    send: async (request, signal) => {
      if (answers === 1) await happens();
      const answer = await client.send(request, signal);
      answers += 1;
      return answer;
    },
    close: () => client.close(),
  };
}

async function nodeNames(client: ApiClient): Promise<string[]> {
  const request = { path: '/api/v1/nodes', access: LIST_NODES };
  const { signal } = new AbortController();
  const nodes = await listObjects(client, { request, project: parseClusterNode, signal, pageObjects: 10 });
  return nodes.map(({ name }) => name);
}

describeCluster('an API server that dies in mid-list', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start({ binaries: sharedCluster().binaries });
    await makeNodes(cluster.admin, NODES);
  });
  afterAll(() => cluster.stop());

  it('and comes back while we wait: the list is whole', async () => {
    let isBack: Promise<void> | undefined;
    const names = await withClient(
      cluster.admin,
      (client) =>
        nodeNames(
          afterFirstPage(client, async () => {
            await cluster.killApiServer();
            isBack = cluster.restartApiServer();
          }),
        ),
      { random: () => 0.5, sleep: async () => isBack },
    );
    expect(isBack).toBeDefined();
    expect(names).toEqual(NODES);
  });

  it('for good: an error that names the server, no short list', async () => {
    const listing = withClient(cluster.admin, (client) =>
      nodeNames(afterFirstPage(client, () => cluster.killApiServer())),
    );
    await expect(listing).rejects.toMatchObject({
      code: 'PTL_API_UNREACHABLE',
      message: expect.stringContaining(`${cluster.admin.server}: ECONNREFUSED`),
    });
  });
});
