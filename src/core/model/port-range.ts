// An inclusive range of port numbers, as a masquerade rule allows it (nf_nat_range2.min_proto .. max_proto).

/** A port number, 0..65535. ICMP echo identifiers use the same space. */
export type Port = number;

/** An inclusive port range; `first <= last`, both 0..65535. */
export interface PortRange {
  readonly first: Port;
  readonly last: Port;
}

export const MAX_PORT = 65_535;

/**
 * What the kernel uses when a rule names no range and the flow's own port is 1024 or above
 * (nf_nat_l4proto_unique_tuple in net/netfilter/nf_nat_core.c).
 */
export const UNRESTRICTED_RANGE: PortRange = { first: 1024, last: MAX_PORT };

/** How many ports a range holds. */
export function rangeSize(range: PortRange): number {
  return range.last - range.first + 1;
}

/** Whether the range allows the port. */
export function rangeContains(range: PortRange, port: Port): boolean {
  return port >= range.first && port <= range.last;
}

/** Whether two ranges name the same ports. */
export function rangesEqual(left: PortRange, right: PortRange): boolean {
  return left.first === right.first && left.last === right.last;
}

/** The range as people write it: `32768-65535`. */
export function formatRange(range: PortRange): string {
  return `${range.first}-${range.last}`;
}

/** What is wrong with a range text, or the range. */
export type ParsedRange =
  | { readonly ok: true; readonly range: PortRange }
  | { readonly ok: false; readonly wanted: string };

const WANTED = 'FIRST:LAST with 1 <= FIRST <= LAST <= 65535, for example 32768:65535';

/**
 * Reads `FIRST:LAST`, the form of Calico's natPortRange. A dash is refused on purpose: Calico reads `32768-65535` as a
 * named port and silently installs no range (api/pkg/lib/numorstring/port.go).
 */
export function parseRange(text: string): ParsedRange {
  const match = /^(\d{1,5}):(\d{1,5})$/.exec(text);
  if (match === null) return { ok: false, wanted: WANTED };
  const range = { first: Number(match[1]), last: Number(match[2]) };
  const valid = range.first >= 1 && range.first <= range.last && range.last <= MAX_PORT;
  return valid ? { ok: true, range } : { ok: false, wanted: WANTED };
}
