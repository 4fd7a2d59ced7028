// Between finding a port free and listening there, someone else may take it.
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { apiRequest } from './api-request.ts';
import { freePorts } from './free-ports.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

describeCluster('a cluster whose port is taken', () => {
  it.each([
    ['kube-apiserver', 0],
    ['etcd', 1],
  ])('starts on others when it was that of %s', async (_, taken) => {
    const held: number[][] = [];
    async function findPorts(count: number): Promise<number[]> {
      const ports = await freePorts(count);
      held.push(held.length === 0 ? ports.with(taken, await listen()) : ports);
      return held.at(-1) ?? [];
    }
    const squatter = createServer();
    function listen(): Promise<number> {
      return new Promise((resolve) => {
        squatter.listen({ host: '127.0.0.1', port: 0 }, () => {
          const address = squatter.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        });
      });
    }
    const cluster = await TestCluster.start({ binaries: sharedCluster().binaries, findPorts });
    try {
      expect(held).toHaveLength(2);
      expect(cluster.admin.server).toBe(`https://127.0.0.1:${held[1]?.[0]}`);
      expect(await apiRequest(cluster.admin, { path: '/api/v1/namespaces' })).toMatchObject({ status: 200 });
    } finally {
      squatter.close();
      await cluster.stop();
    }
  });
});
