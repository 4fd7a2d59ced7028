// A node with pods that connect, work and close, far from any limit.
import type { Scenario } from '../scenario.ts';

export const healthy: Scenario = {
  name: 'healthy',
  story: 'Three pods open and close connections to one server through the range 32768-65535; nothing is scarce.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, nat: { range: { first: 32_768, last: 65_535 } } },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address: stage.remote, port: 443, concurrency: 10, timeoutMs: 5000 };
    for (const pod of stage.node.pods) await stage.open(pod.host, { ...target, count: 40, closer: 'keep' });
  },
  drive(stage) {
    const target = { address: stage.remote, port: 443, concurrency: 5, timeoutMs: 5000, perSecond: 20 };
    for (const pod of stage.node.pods) stage.background(pod.host, 'tcp-connect', { ...target, closer: 'client' });
  },
  expect: [{ check: 'fine', severity: 'ok', subject: 'node' }],
};
