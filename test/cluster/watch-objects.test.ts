// A watch on a true API server that is killed and restarted meanwhile: every change is told, none twice.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseClusterNode } from '../../src/core/kube-objects/parse-cluster-node.ts';
import { LIST_NODES } from '../../src/kube/resources/read-nodes.ts';
import { watchObjects, type WatchEvent } from '../../src/kube/access/watch-objects.ts';
import type { ClusterClient } from '../../src/kube/access/api-client.ts';
import { expectAnswer } from './api-request.ts';
import { QUICK, withClient } from './kube-client.ts';
import { makeNodes } from './range-objects.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

function nameOf(object: unknown): string | undefined {
  return parseClusterNode(object)?.name;
}

function watchNodes(client: ClusterClient, signal: AbortSignal): AsyncGenerator<WatchEvent<string>, never> {
  const request = { path: '/api/v1/nodes', access: LIST_NODES };
  return watchObjects(client, { request, project: nameOf, world: QUICK, signal });
}

function wordsOf(event: WatchEvent<string>): string {
  return 'item' in event ? `${event.kind} ${event.item}` : event.kind;
}

/** Reads until an event; what a lost server adds in between is left out. */
async function until(watch: AsyncGenerator<WatchEvent<string>, never>, last: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const words = wordsOf((await watch.next()).value);
    if (words !== 'lost' && words !== 'synced') found.push(words);
    if (words === last) return found;
  }
}

describeCluster('a watch', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start({ binaries: sharedCluster().binaries });
  });
  afterAll(() => cluster.stop());

  const remove = (name: string): Promise<unknown> =>
    expectAnswer(cluster.admin, { method: 'DELETE', path: `/api/v1/nodes/${name}` }, 200);

  it('tells every change once while the server is killed, comes back and forgets', { timeout: 180_000 }, async () => {
    await makeNodes(cluster.admin, ['a', 'b']);
    const stop = new AbortController();
    await withClient(cluster.admin, async (client) => {
      const watch = watchNodes(client, stop.signal);
      expect(await until(watch, 'synced')).toEqual(['added a', 'added b']);
      await makeNodes(cluster.admin, ['c']);
      expect(await until(watch, 'added c')).toEqual(['added c']);

      await cluster.killApiServer();
      const lost = until(watch, 'lost');
      expect(await lost).toEqual([]);
      await cluster.restartApiServer();
      await remove('a');
      await makeNodes(cluster.admin, ['d']);
      expect(await until(watch, 'added d')).toEqual(['deleted a', 'added d']);

      // While nobody listens the version that the watch would go on from is thrown away.
      await cluster.killApiServer();
      await until(watch, 'lost');
      await cluster.restartApiServer();
      await remove('b');
      await makeNodes(cluster.admin, ['e']);
      expect((await until(watch, 'added e')).toSorted()).toEqual(['added e', 'deleted b']);
      stop.abort('SIGINT');
      await expect(watch.next()).rejects.toBe('SIGINT');
    });
  });

  it('had to list again: an API server that restarts has forgotten the versions before', async () => {
    const { signal } = new AbortController();
    await withClient(cluster.admin, async (client) => {
      const request = { path: '/api/v1/nodes', access: LIST_NODES, silenceSeconds: 30 };
      const query = { watch: 'true', resourceVersion: '1' };
      const answer = await client.stream({ ...request, query }, signal);
      const first = answer.kind === 'open' ? await firstText(answer.chunks) : String(answer.answer.status);
      expect(first).toContain('410');
    });
  });

  it('names the right to watch where only listing is allowed', async () => {
    const rules = [{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }];
    const { access } = await newRestrictedUser(cluster.admin, rules);
    await withClient(access, async (client) => {
      const watch = watchNodes(client, new AbortController().signal);
      await expect(until(watch, 'never')).rejects.toMatchObject({
        code: 'PTL_API_FORBIDDEN',
        hint: expect.stringContaining('resources: ["nodes"], verbs: ["watch"]'),
      });
    });
  });
});

async function firstText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const chunk of chunks) return Buffer.from(chunk).toString('utf8');
  return '';
}
