// Text of `ip addr` (iproute2, ip/ipaddress.c), with or without -o: the addresses of a node.
import { formatAddress, parseAddress } from '../../core/model/address.ts';

const ADDRESS = /^\s*(?:\d+: \S+\s+)?inet6? ([0-9a-fA-F.:]+)[/ ]/;

/** Canonical texts, each once, without those of the loopback. Never throws. */
export function parseIpAddresses(text: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.split('\n')) {
    const bytes = parseAddress(ADDRESS.exec(line)?.[1] ?? '');
    const address = bytes === undefined ? undefined : formatAddress(bytes);
    if (address !== undefined && !address.startsWith('127.') && address !== '::1') found.add(address);
  }
  return [...found];
}
