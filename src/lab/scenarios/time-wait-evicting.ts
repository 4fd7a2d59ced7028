// Many short connections whose TIME_WAIT entries fill the whole range; whether that matters is up to the kernel.
import { TCP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';
import { MAIN_REMOTE } from './main-remote.ts';

export const timeWaitEvicting: Scenario = {
  name: 'time-wait-evicting',
  story:
    'Short connections leave every one of 512 source ports in TIME_WAIT. Linux 6.5 and later takes such entries over for new connections, so connects go on succeeding.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, nat: { range: { first: 40_000, last: 40_511 } } },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address: stage.remote, port: 443, concurrency: 10, timeoutMs: 800 };
    await stage.pod(0).host.run('tcp-connect', { ...target, count: 1500, closer: 'client' });
  },
  drive(stage) {
    const target = { address: stage.remote, port: 443, concurrency: 4, timeoutMs: 800, perSecond: 100 };
    stage.background(stage.pod(1).host, 'tcp-connect', { ...target, closer: 'client' });
  },
  expect: [{ check: 'fine', severity: 'ok', subject: 'node' }],
  expectWithoutEviction: [{ check: 'churn', severity: 'critical', subject: { protocol: TCP, ...MAIN_REMOTE } }],
};
