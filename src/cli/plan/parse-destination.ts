// The destination of a plan as it is typed: address, port and protocol.
import { type Family, familyOf, formatAddress, parseAddress } from '../../core/model/address.ts';
import { protocolNumber, TCP } from '../../core/model/protocol.ts';
import type { TextForm } from '../flags/flag-reader.ts';

export interface Destination {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly family: Family;
  /** Canonical text. */
  readonly remoteAddress: string;
  readonly remotePort: number;
}

const PROTOCOLS = ['tcp', 'udp', 'sctp'];

/** A name is refused: ports are counted per address, and a name may have several. */
export const DESTINATION: TextForm<Destination> = {
  wanted:
    'ADDRESS:PORT or ADDRESS:PORT/udp with the address, not the name, for example 203.0.113.9:443 or [2001:db8::9]:443',
  parse: (text) => {
    const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):(\d{1,5})(?:\/([a-z]+))?$/.exec(text);
    if (match === null) return undefined;
    const [, ipv6, ipv4, port, protocol = 'tcp'] = match;
    const bytes = parseAddress(ipv6 ?? ipv4 ?? '');
    const remotePort = Number(port);
    if (bytes === undefined || remotePort < 1 || remotePort > 65_535 || !PROTOCOLS.includes(protocol)) return undefined;
    return {
      protocol: protocolNumber(protocol) ?? TCP,
      family: familyOf(bytes),
      remoteAddress: formatAddress(bytes),
      remotePort,
    };
  },
};
