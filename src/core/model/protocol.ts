// Layer-4 protocol numbers (IPPROTO_*) and their names.

export const TCP = 6;
export const UDP = 17;
export const SCTP = 132;
export const ICMP = 1;
export const ICMPV6 = 58;

const NAMES: ReadonlyMap<number, string> = new Map([
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [SCTP, 'sctp'],
  [ICMP, 'icmp'],
  [ICMPV6, 'icmpv6'],
]);

/** The protocol's name, or its number when it has none here. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? String(protocol);
}

/** The number of a protocol name, or undefined. */
export function protocolNumber(name: string): number | undefined {
  for (const [number, known] of NAMES) if (known === name) return number;
  return undefined;
}

/** Whether NAT of this protocol spends a port or an echo identifier that Portolan charts. */
export function isCharted(protocol: number): boolean {
  return NAMES.has(protocol);
}
