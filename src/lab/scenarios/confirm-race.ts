// Two pods that happen to use the same source port in the same instant, and a rule that keeps source ports.
import { UDP } from '../../core/model/protocol.ts';
import type { NftCommand } from '../../kernel/nftables/nft-command.ts';
import type { Scenario } from '../scenario.ts';

const WORK = { family: 'ip', table: 'policy' } as const;

/**
 * Rules that do nothing but take time, some tens of microseconds, after the port is chosen and before the entry is confirmed, as
 * long policy chains do: without them the two packets must meet within 2 us, which a busy machine's scheduler rarely allows.
 */
function postroutingWork(): readonly NftCommand[] {
  const counters = Array.from({ length: 100 }, () => ({ kind: 'counter' }) as const);
  const jump = { ...WORK, kind: 'add-rule', chain: 'all', statements: [{ kind: 'jump', chain: 'each' }] } as const;
  return [
    { ...WORK, kind: 'add-table' },
    { ...WORK, kind: 'add-chain', chain: 'each' },
    {
      ...WORK,
      kind: 'add-chain',
      chain: 'all',
      base: { type: 'filter', hook: 'postrouting', priority: 200 },
    },
    { ...WORK, kind: 'add-rule', chain: 'each', statements: counters },
    ...Array.from({ length: 50 }, () => jump),
  ];
}

export const confirmRace: Scenario = {
  name: 'confirm-race',
  story:
    'The masquerade rule lacks its random flag, so pods keep their own source ports. Two pods send from the same port at once, on two CPUs and through long policy chains: one of each pair is lost, with ports plenty.',
  lab: {
    nodes: 1,
    podsPerNode: 2,
    servers: 1,
    nat: { range: { first: 32_768, last: 65_535 }, random: 'none' },
  },
  cpus: 2,
  async setup(stage) {
    await stage.server.host.run('udp-listen', { port: 9999, answers: false });
    await stage.node.host.run('nftables', postroutingWork());
    const query = { address: stage.remote, port: 9999, concurrency: 1, count: 1, timeoutMs: 20 };
    for (const pod of stage.node.pods) await pod.host.run('udp-query', query);
  },
  drive(stage) {
    const barrier = new SharedArrayBuffer(8);
    for (const [side, pod] of stage.node.pods.entries()) {
      stage.background(pod.host, 'lock-step', {
        barrier,
        side,
        source: pod.address,
        destination: stage.remote,
        destinationPort: 9999,
        protocol: UDP,
        firstSourcePort: 33_000,
        lastSourcePort: 65_000,
        pairsPerSecond: 800,
      });
    }
  },
  expect: [{ check: 'race', severity: 'warning', subject: 'node' }],
};
