// DNS queries to one resolver: each takes a port for 30 s, and no kernel gives a UDP port back early.
import { UDP } from '../../core/model/protocol.ts';
import { occupiedPorts } from '../occupied-ports.ts';
import type { Scenario } from '../scenario.ts';
import { MAIN_REMOTE } from './main-remote.ts';

const RANGE = { first: 40_960, last: 45_055 };

export const udpChurn: Scenario = {
  name: 'udp-churn',
  story:
    'Pods send DNS queries to one resolver faster than 4,096 source ports become free again after 30 s each. Queries are lost, and no eviction helps UDP.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, nat: { range: RANGE } },
  async setup(stage) {
    await stage.server.host.run('udp-listen', { port: 53, answers: true });
    await stage.hold({
      protocol: UDP,
      snatPorts: occupiedPorts({ range: RANGE, share: 0.99, random: stage.random }),
      remotePort: 53,
      timeoutSeconds: { first: 1, last: 30 },
      replies: 'once',
    });
  },
  drive(stage) {
    const target = { address: stage.remote, port: 53, timeoutMs: 300, concurrency: 40, perSecond: 110 };
    stage.background(stage.pod(0).host, 'udp-query', target);
    stage.background(stage.pod(1).host, 'udp-query', target);
  },
  expect: [{ check: 'churn', severity: 'critical', subject: { protocol: UDP, ...MAIN_REMOTE, remotePort: 53 } }],
};
