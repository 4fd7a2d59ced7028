// `ip -j -d addr`: the local addresses of a namespace, and the UDP ports that its tunnels receive on.
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import { tunnelClaim } from '../../core/model/tunnel-claim.ts';
import { listOf, member, numberOf, textOf } from '../json-value.ts';

/** Kinds of links with a port of their own, as IFLA_INFO_KIND names them; `ip` shows none of WireGuard's. */
const WITH_PORT: ReadonlySet<string> = new Set(['vxlan', 'geneve', 'bareudp', 'wireguard']);

export interface IpLinks {
  /** Canonical text, each once. */
  readonly addresses: readonly string[];
  readonly tunnels: readonly PortClaim[];
  /** Names of tunnels whose port the text does not show. */
  readonly portless: readonly string[];
}

/** @returns undefined when the text is no whole JSON of ip. */
export function parseIpJson(text: string): IpLinks | undefined {
  const links = linksOf(text);
  if (links === undefined) return undefined;
  const addresses = links.flatMap((link) => listOf(member(link, 'addr_info')).flatMap(addressOf));
  const tunnels = links.flatMap(tunnelOf);
  return {
    addresses: [...new Set(addresses)],
    tunnels: tunnels.flatMap(({ name, port }) => (port === undefined ? [] : [tunnelClaim(name, port)])),
    portless: tunnels.filter(({ port }) => port === undefined).map(({ name }) => name),
  };
}

function linksOf(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function addressOf(info: unknown): readonly string[] {
  const bytes = parseAddress(textOf(member(info, 'local')));
  return bytes === undefined ? [] : [formatAddress(bytes)];
}

interface Tunnel {
  readonly name: string;
  readonly port: number | undefined;
}

function tunnelOf(link: unknown): readonly Tunnel[] {
  const info = member(link, 'linkinfo');
  if (!WITH_PORT.has(textOf(member(info, 'info_kind')))) return [];
  return [{ name: textOf(member(link, 'ifname')), port: numberOf(member(member(info, 'info_data'), 'port')) }];
}
