// Calico keeps UDP to its VXLAN port out of conntrack; an egress flow that gets this port never sees its reply.
import { UDP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';

const VXLAN = 4789;
const RAW = { family: 'ip', table: 'calico' } as const;

export const untrackedVxlanPort: Scenario = {
  name: 'untracked-vxlan-port',
  story:
    'Calico does not track UDP to its VXLAN port 4789, and the range contains 4789. A UDP flow that is given this source port is lost: the reply is never translated back.',
  lab: { nodes: 1, podsPerNode: 2, servers: 1, nat: { range: { first: 4096, last: 8191 } } },
  async setup(stage) {
    await stage.node.host.run('nftables', [
      { ...RAW, kind: 'add-table' },
      {
        ...RAW,
        kind: 'add-chain',
        chain: 'raw-PREROUTING',
        base: { type: 'filter', hook: 'prerouting', priority: -300 },
      },
      {
        ...RAW,
        kind: 'add-rule',
        chain: 'raw-PREROUTING',
        statements: [
          { kind: 'l4proto', protocol: UDP },
          { kind: 'dport', ports: { first: VXLAN, last: VXLAN } },
          { kind: 'counter' },
          { kind: 'notrack' },
        ],
      },
    ]);
    await stage.server.host.run('udp-listen', { port: 53, answers: true });
    const query = { address: stage.remote, port: 53, concurrency: 10, count: 50, timeoutMs: 500 };
    await stage.pod(0).host.run('udp-query', query);
  },
  expect: [{ check: 'conflict', severity: 'warning', subject: 'node' }],
};
