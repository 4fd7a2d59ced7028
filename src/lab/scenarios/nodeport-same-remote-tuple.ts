// The one way a NodePort and an SNAT port do clash in conntrack: the very same remote address and port uses both.
import { UDP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';
import { nodePortRules } from './nodeport-rules.ts';

const PEER_PORT = 5060;

export const nodeportSameRemoteTuple: Scenario = {
  name: 'nodeport-same-remote-tuple',
  story:
    'A SIP peer uses one UDP port for both directions: it calls the node on NodePorts 30060 and 30061, and a pod calls it. The flow of the pod holds 30060, so what the peer sends there goes to that pod.',
  lab: { nodes: 1, podsPerNode: 2, servers: 1, nat: { range: { first: 30_000, last: 32_767 } } },
  async setup(stage) {
    const backend = stage.pod(1);
    const port = (nodePort: number) => ({ protocol: UDP, nodePort, podAddress: backend.address, podPort: PEER_PORT });
    await stage.node.host.run('nftables', nodePortRules([port(30_060), port(30_061)]));
    await backend.host.run('udp-listen', { port: PEER_PORT, answers: true });
    await stage.hold({
      protocol: UDP,
      sources: [stage.pod(0).address],
      remotePort: PEER_PORT,
      snatPorts: Uint16Array.of(30_060),
      timeoutSeconds: { first: 110, last: 110 },
    });
    await call(30_061);
    async function call(nodePort: number): Promise<void> {
      await stage.server.host.run('raw-send', {
        protocol: UDP,
        source: stage.remote,
        destination: stage.node.address,
        destinationPort: nodePort,
        firstSourcePort: PEER_PORT,
        count: 1,
      });
    }
  },
  expect: [{ check: 'conflict', severity: 'warning', subject: 'node' }],
};
