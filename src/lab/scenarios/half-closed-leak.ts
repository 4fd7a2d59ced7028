// A server that never closes its side: each connection its clients are done with goes on holding a port.
import { TCP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';
import { MAIN_REMOTE } from './main-remote.ts';

export const halfClosedLeak: Scenario = {
  name: 'half-closed-leak',
  story:
    'Pods close their connections, the server never does: 400 of 512 source ports are held by half-closed connections that carry nothing.',
  lab: { nodes: 1, podsPerNode: 2, servers: 1, nat: { range: { first: 40_000, last: 40_511 } } },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'never-close' });
    const target = { address: stage.remote, port: 443, concurrency: 20, timeoutMs: 5000, holdMs: 1 };
    await stage.open(stage.pod(0).host, { ...target, count: 400, closer: 'client' });
  },
  expect: [{ check: 'leak', severity: 'warning', subject: { protocol: TCP, ...MAIN_REMOTE } }],
};
