// Joins what several sources said about claimed ports: a tunnel's port also shows as a socket, and the tunnel knows its owner.
import type { NatRules } from '../core/model/nat-rule.ts';
import type { PortClaim } from '../core/model/port-claim.ts';

export interface ClaimSources {
  readonly listeners: readonly PortClaim[];
  readonly tunnels: readonly PortClaim[];
  readonly rules: NatRules;
}

/** All claims, each once. */
export function joinClaims({ listeners, tunnels, rules }: ClaimSources): PortClaim[] {
  const sockets = listeners.filter((listener) => !tunnels.some((tunnel) => isSamePort(tunnel, listener)));
  const dnat = rules.dnatPorts.map((port) => claimOfRule('dnat', port));
  return [...sockets, ...tunnels, ...dnat, ...rules.untrackedPorts.map((port) => claimOfRule('untracked', port))];
}

function isSamePort(left: PortClaim, right: PortClaim): boolean {
  return (
    left.protocol === right.protocol && left.ports.first === right.ports.first && left.ports.last === right.ports.last
  );
}

/** NodePorts, hostPorts and untracked ports are claims too; `where` says which rule. */
function claimOfRule(kind: 'dnat' | 'untracked', port: NatRules['dnatPorts'][number]): PortClaim {
  const address = port.address === undefined ? {} : { address: port.address };
  return { kind, protocol: port.protocol, ports: port.ports, owner: port.owner, source: port.where, ...address };
}
