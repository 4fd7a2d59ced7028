// 98 % of the ports held by connections that come and go: not full, and yet one connect in thirty-five is late.
import { TCP } from '../../core/model/protocol.ts';
import { occupiedPorts } from '../occupied-ports.ts';
import type { Scenario } from '../scenario.ts';
import { MAIN_REMOTE } from './main-remote.ts';

const RANGE = { first: 32_768, last: 65_535 };

export const steady98: Scenario = {
  name: 'steady-98',
  story:
    '98 % of 32,768 source ports towards one server are held, clustered as the kernel leaves them after long use. 655 ports are free, and about 1 in 35 connects finds none of them.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, nat: { range: RANGE } },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    await stage.hold({ snatPorts: occupiedPorts({ range: RANGE, share: 0.98, random: stage.random }) });
  },
  drive(stage) {
    const target = { address: stage.remote, port: 443, concurrency: 40, timeoutMs: 1500, perSecond: 60 };
    stage.background(stage.pod(0).host, 'tcp-connect', { ...target, closer: 'reset' });
  },
  expect: [{ check: 'exhausted', severity: 'critical', subject: { protocol: TCP, ...MAIN_REMOTE } }],
};
