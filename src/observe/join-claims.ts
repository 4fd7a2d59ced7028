// Joins what several sources said about claimed ports: a tunnel's port also shows as a socket, and the tunnel knows its owner;
// a NodePort also shows as a rule, and the API server knows its Service.
import type { NatRules } from '../core/model/nat-rule.ts';
import { type PortClaim, claimSamePorts } from '../core/model/port-claim.ts';

export interface ClaimSources {
  readonly listeners: readonly PortClaim[];
  readonly tunnels: readonly PortClaim[];
  readonly rules: NatRules;
  /** What the API server says: Services' ports and pods' hostPorts on this node. */
  readonly cluster?: readonly PortClaim[];
}

/** All claims, each once. */
export function joinClaims({ listeners, tunnels, rules, cluster = [] }: ClaimSources): PortClaim[] {
  const owned = [...tunnels, ...cluster];
  const isUnowned = (claim: PortClaim): boolean => !owned.some((other) => claimSamePorts(other, claim));
  const dnat = rules.dnatPorts.map((port) => claimOfRule('dnat', port)).filter(isUnowned);
  const untracked = rules.untrackedPorts.map((port) => claimOfRule('untracked', port));
  return [...listeners.filter(isUnowned), ...owned, ...dnat, ...untracked];
}

/** The claims of a node that were joined already, with those that the API server tells. */
export function addClusterClaims(claims: readonly PortClaim[], cluster: readonly PortClaim[]): PortClaim[] {
  const isOwned = (claim: PortClaim): boolean =>
    (claim.kind === 'listener' || claim.kind === 'dnat') && cluster.some((other) => claimSamePorts(other, claim));
  return [...claims.filter((claim) => !isOwned(claim)), ...cluster];
}

/** NodePorts, hostPorts and untracked ports are claims too; `where` says which rule. */
function claimOfRule(kind: 'dnat' | 'untracked', port: NatRules['dnatPorts'][number]): PortClaim {
  const address = port.address === undefined ? {} : { address: port.address };
  return { kind, protocol: port.protocol, ports: port.ports, owner: port.owner, source: port.where, ...address };
}
