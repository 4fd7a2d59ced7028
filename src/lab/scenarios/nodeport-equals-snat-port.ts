// A live SNAT port that is also a NodePort: claimed to break both, and harmless on a conntrack data plane.
import { TCP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';
import { nodePortRules } from './nodeport-rules.ts';

export const nodeportEqualsSnatPort: Scenario = {
  name: 'nodeport-equals-snat-port',
  story:
    'Egress flows hold the port 30080, which is also a NodePort. Clients of the NodePort and the egress flows both work: they are different connections to conntrack.',
  lab: { nodes: 1, podsPerNode: 2, servers: 2, nat: { range: { first: 30_080, last: 30_335 } } },
  async setup(stage) {
    const [, client] = stage.lab.servers;
    const backend = stage.pod(1);
    await stage.node.host.run(
      'nftables',
      nodePortRules([{ protocol: TCP, nodePort: 30_080, podAddress: backend.address, podPort: 8080 }]),
    );
    await backend.host.run('tcp-listen', { port: 8080, manner: 'hold' });
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    await stage.hold({ snatPorts: Uint16Array.of(30_080) });
    const egress = { address: stage.remote, port: 443, concurrency: 5, timeoutMs: 5000 };
    await stage.open(stage.pod(0).host, { ...egress, count: 20, closer: 'keep' });
    const ingress = { address: stage.node.address, port: 30_080, concurrency: 5, timeoutMs: 5000 };
    if (client !== undefined) await stage.open(client.host, { ...ingress, count: 10, closer: 'keep' });
  },
  expect: [{ check: 'conflict', severity: 'info', subject: 'node' }],
};
