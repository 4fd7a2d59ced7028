// What each kind of claim is called in a sentence.
import type { PortClaimKind } from './port-claim.ts';

const NOUNS: Readonly<Record<PortClaimKind, string>> = {
  listener: 'listening socket',
  tunnel: 'tunnel',
  dnat: 'redirected port',
  untracked: 'port kept out of conntrack',
  'node-port': 'NodePort',
  'health-check-node-port': 'health-check NodePort',
  'load-balancer-member': 'load-balancer member port',
  'host-port': 'hostPort',
};

export function claimNoun(kind: PortClaimKind): string {
  return NOUNS[kind];
}
