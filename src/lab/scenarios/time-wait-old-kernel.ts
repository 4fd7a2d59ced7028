// The same short connections on a kernel that never takes a TIME_WAIT entry over.
import { TCP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { MAIN_REMOTE } from './main-remote.ts';

/** Runs until the lab ends, on a thread of its own because it waits for events; resolves when it listens. */
async function forbidEviction({ lab, node }: Stage): Promise<void> {
  const twin = lab.twin(node.host);
  twin.run('fix-time-wait').catch(() => {});
  // Tasks start in order, so once this one is done the listener has joined its group.
  await twin.run('set-sysctls', {});
}

export const timeWaitOldKernel: Scenario = {
  name: 'time-wait-old-kernel',
  story:
    'Short connections leave 512 source ports in TIME_WAIT for 120 s, and the kernel keeps them, as before Linux 6.5 (here each entry is given a fixed timeout as it closes). New connects time out.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, nat: { range: { first: 40_000, last: 40_511 } } },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    await forbidEviction(stage);
    const target = { address: stage.remote, port: 443, concurrency: 4, timeoutMs: 300 };
    await stage.pod(0).host.run('tcp-connect', { ...target, count: 530, closer: 'client' });
  },
  drive(stage) {
    const target = { address: stage.remote, port: 443, concurrency: 10, timeoutMs: 1000, perSecond: 10 };
    stage.background(stage.pod(1).host, 'tcp-connect', { ...target, closer: 'client' });
  },
  expect: [{ check: 'churn', severity: 'critical', subject: { protocol: TCP, ...MAIN_REMOTE } }],
};
