// The server closes first and so keeps TIME_WAIT itself; the node reuses the port too early, and the server refuses it.
import { TCP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';
import { MAIN_REMOTE } from './main-remote.ts';

export const paws: Scenario = {
  name: 'paws',
  story:
    'The server closes each connection first, so it remembers the port for 60 s. The node hands the port to another pod at once, and the server refuses some of those SYNs: connects are slow, and no counter of the node moves.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, nat: { range: { first: 40_000, last: 40_299 } } },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'close-first' });
    const target = { address: stage.remote, port: 443, concurrency: 16, timeoutMs: 1200 };
    await Promise.all(
      stage.node.pods.map((pod) => pod.host.run('tcp-connect', { ...target, count: 200, closer: 'server' })),
    );
  },
  drive(stage) {
    const target = { address: stage.remote, port: 443, concurrency: 10, timeoutMs: 1200, perSecond: 60 };
    stage.background(stage.pod(0).host, 'tcp-connect', { ...target, closer: 'server' });
  },
  expect: [{ check: 'recycled-too-early', severity: 'warning', subject: { protocol: TCP, ...MAIN_REMOTE } }],
  expectWithoutEviction: [{ check: 'churn', severity: 'critical', subject: { protocol: TCP, ...MAIN_REMOTE } }],
};
