import { describe, expect, it } from 'vitest';
import type { PortClaim } from '../core/model/port-claim.ts';
import { TCP, UDP } from '../core/model/protocol.ts';
import { joinClaims } from './join-claims.ts';

const port = (number: number) => ({ first: number, last: number });
const socket = (protocol: number, number: number): PortClaim => ({
  kind: 'listener',
  protocol,
  ports: port(number),
  owner: 'unknown',
  source: 'sock_diag',
});
const vxlan: PortClaim = {
  kind: 'tunnel',
  protocol: UDP,
  ports: port(4789),
  owner: 'Calico VXLAN',
  source: 'link vxlan.calico',
};
const none = { sourceNat: [], dnatPorts: [], untrackedPorts: [] };

describe('joinClaims', () => {
  it('keeps the tunnel, not its socket, and no other protocol is touched', () => {
    const claims = joinClaims({ listeners: [socket(UDP, 4789), socket(TCP, 4789)], tunnels: [vxlan], rules: none });
    expect(claims).toEqual([socket(TCP, 4789), vxlan]);
  });

  it('adds the ports that rules redirect or leave untracked', () => {
    const nodePort = {
      protocol: TCP,
      ports: port(30_880),
      owner: 'kube-proxy',
      where: 'ip nat KUBE-NODEPORTS',
    } as const;
    const untracked = { protocol: UDP, ports: port(4789), owner: 'calico', where: 'ip raw cali-PREROUTING' } as const;
    const claims = joinClaims({
      listeners: [],
      tunnels: [],
      rules: { ...none, dnatPorts: [nodePort], untrackedPorts: [untracked] },
    });
    expect(claims.map(({ kind, owner, source }) => [kind, owner, source])).toEqual([
      ['dnat', 'kube-proxy', 'ip nat KUBE-NODEPORTS'],
      ['untracked', 'calico', 'ip raw cali-PREROUTING'],
    ]);
  });
});
