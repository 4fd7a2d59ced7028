// A host process that listens on a port that a SNATed flow holds: claimed to be impossible, and harmless.
import type { Scenario } from '../scenario.ts';

export const hostListenerEqualsSnatPort: Scenario = {
  name: 'host-listener-equals-snat-port',
  story:
    'A host service listens on 40000 while egress flows hold that port. It binds, its clients reach it, and the flows go on: SNAT ports are not sockets.',
  lab: { nodes: 1, podsPerNode: 2, servers: 2, nat: { range: { first: 40_000, last: 40_255 } } },
  async setup(stage) {
    const [, client] = stage.lab.servers;
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    await stage.hold({ snatPorts: Uint16Array.of(40_000) });
    await stage.node.host.run('tcp-listen', { port: 40_000, manner: 'hold' });
    const egress = { address: stage.remote, port: 443, concurrency: 5, timeoutMs: 5000 };
    await stage.open(stage.pod(0).host, { ...egress, count: 20, closer: 'keep' });
    const ingress = { address: stage.node.address, port: 40_000, concurrency: 5, timeoutMs: 5000 };
    if (client !== undefined) await stage.open(client.host, { ...ingress, count: 10, closer: 'keep' });
  },
  expect: [{ check: 'conflict', severity: 'info', subject: 'node' }],
};
