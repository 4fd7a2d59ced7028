// Two pods that happen to use the same source port in the same instant, and a rule that keeps source ports.
import { UDP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';

export const confirmRace: Scenario = {
  name: 'confirm-race',
  story:
    'The masquerade rule lacks its random flag, so pods keep their own source ports. Two pods send from the same port on two CPUs at once: one of each pair is lost, with ports plenty.',
  lab: {
    nodes: 1,
    podsPerNode: 2,
    servers: 1,
    nat: { range: { first: 32_768, last: 65_535 }, random: 'none' },
  },
  cpus: 2,
  async setup(stage) {
    await stage.server.host.run('udp-listen', { port: 9999, answers: false });
    const query = { address: stage.remote, port: 9999, concurrency: 1, count: 1, timeoutMs: 20 };
    for (const pod of stage.node.pods) await pod.host.run('udp-query', query);
  },
  drive(stage) {
    const barrier = new SharedArrayBuffer(8);
    for (const pod of stage.node.pods) {
      stage.background(pod.host, 'lock-step', {
        barrier,
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
