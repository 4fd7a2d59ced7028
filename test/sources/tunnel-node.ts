// A namespace with addresses and tunnels, and what `ip` and the readers make of it. Its function runs in a namespace.
import { execFileSync } from 'node:child_process';
import type { PortClaim } from '../../src/core/model/port-claim.ts';
import type { Reading } from '../../src/core/model/reading.ts';
import { readAddresses, readTunnels } from '../../src/kernel/route/read-links.ts';

export interface TunnelNode {
  readonly addresses: Reading<readonly string[]>;
  readonly tunnels: Reading<readonly PortClaim[]>;
  /** `local` of every address of `ip -j addr`. */
  readonly ipAddresses: readonly string[];
  /** Name and port of every vxlan link of `ip -j -d link`. */
  readonly ipTunnels: readonly { readonly name: string; readonly port: number }[];
}

const SETUP = [
  'link set lo up',
  'link add eth0 type veth peer name eth1',
  'addr add 192.0.2.10/24 dev eth0',
  'addr add 192.0.2.11/24 dev eth0',
  'addr add 10.9.0.1 peer 10.9.0.2/32 dev eth0',
  'addr add 2001:db8::10/64 dev eth0 nodad',
  'link set eth0 up',
  'link add vxlan.calico type vxlan id 4096 dstport 4789 local 192.0.2.10',
  'link add flannel.1 type vxlan id 1 dstport 8472',
  'link add vx6 type vxlan id 7 dstport 40000 local 2001:db8::10',
];

interface IpAddr {
  readonly addr_info: readonly { readonly local: string }[];
}

interface IpLink {
  readonly ifname: string;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: { readonly port: number } };
}

/** Makes links and addresses with `ip`, then reads them both ways. */
export function tunnelNode(): TunnelNode {
  for (const line of SETUP) execFileSync('ip', line.split(' '));
  return { addresses: readAddresses(), tunnels: readTunnels(), ipAddresses: ipAddresses(), ipTunnels: ipTunnels() };
}

/** A namespace as it is born: no address, no tunnel. */
export function emptyNode(): Pick<TunnelNode, 'addresses' | 'tunnels'> {
  return { addresses: readAddresses(), tunnels: readTunnels() };
}

function ipAddresses(): string[] {
  const links: readonly IpAddr[] = JSON.parse(execFileSync('ip', ['-j', 'addr'], { encoding: 'utf8' }));
  return links.flatMap((link) => link.addr_info.map((info) => info.local));
}

function ipTunnels(): { name: string; port: number }[] {
  const links: readonly IpLink[] = JSON.parse(execFileSync('ip', ['-j', '-d', 'link'], { encoding: 'utf8' }));
  return links.flatMap((link) => {
    const port = link.linkinfo?.info_kind === 'vxlan' ? link.linkinfo.info_data?.port : undefined;
    return port === undefined ? [] : [{ name: link.ifname, port }];
  });
}
