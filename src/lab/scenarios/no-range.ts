// natPortRange is not set: with random-fully any port from 1024 up is used, NodePorts included.
import type { Scenario } from '../scenario.ts';

export const noRange: Scenario = {
  name: 'no-range',
  story:
    'No port range is set, so pod egress takes any port of 1024-65535 at random. That is twice the room, and it includes the NodePorts 30000-32767, which is harmless on this data plane.',
  lab: { nodes: 1, podsPerNode: 2, servers: 1, nat: {} },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address: stage.remote, port: 443, concurrency: 10, timeoutMs: 5000 };
    await stage.open(stage.pod(0).host, { ...target, count: 60, closer: 'keep' });
  },
  expect: [{ check: 'range-protocol', severity: 'info', subject: 'node' }],
};
