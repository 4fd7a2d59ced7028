// Another program's masquerade rule runs first and takes the pods' traffic, so the range is never used.
import type { Scenario } from '../scenario.ts';

const EARLIER = { family: 'ip', table: 'ip-masq-agent' } as const;

export const rulesInWrongOrder: Scenario = {
  name: 'rules-in-wrong-order',
  story:
    'Calico has the range 32768-65535, but a masquerade rule of another agent runs before it and takes all pod egress with no range at all.',
  lab: { nodes: 1, podsPerNode: 2, servers: 1, nat: { range: { first: 32_768, last: 65_535 } } },
  async setup(stage) {
    await stage.node.host.run('nftables', [
      { ...EARLIER, kind: 'add-table' },
      {
        ...EARLIER,
        kind: 'add-chain',
        chain: 'postrouting',
        base: { type: 'nat', hook: 'postrouting', priority: 99 },
      },
      {
        ...EARLIER,
        kind: 'add-rule',
        chain: 'postrouting',
        statements: [
          { kind: 'saddr', cidr: '10.244.0.0/16' },
          { kind: 'daddr', cidr: '10.244.0.0/16', negate: true },
          { kind: 'counter' },
          { kind: 'masquerade', random: 'random-fully' },
        ],
      },
    ]);
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address: stage.remote, port: 443, concurrency: 10, timeoutMs: 5000 };
    await stage.open(stage.pod(0).host, { ...target, count: 100, closer: 'keep' });
  },
  expect: [{ check: 'rule-order', severity: 'warning', subject: 'node' }],
};
