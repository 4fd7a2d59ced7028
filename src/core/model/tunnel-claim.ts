// The claim that a tunnel's link makes on the UDP port it receives on.
import type { PortClaim } from './port-claim.ts';
import { UDP } from './protocol.ts';
import { tunnelOwner } from './tunnel-owner.ts';

export function tunnelClaim(link: string, port: number): PortClaim {
  return {
    kind: 'tunnel',
    protocol: UDP,
    ports: { first: port, last: port },
    owner: tunnelOwner(link),
    source: `link ${link}`,
  };
}
