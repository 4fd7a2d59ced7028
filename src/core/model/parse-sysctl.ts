// The texts of single sysctl values. Never throws: what the kernel would not write is undefined.
import { MAX_PORT, type PortRange } from './port-range.ts';

/** One decimal integer, as proc_dointvec writes it. */
export function parseSysctlNumber(text: string): number | undefined {
  return /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** `32768\t60999`, as ipv4_local_port_range writes it (net/ipv4/sysctl_net_ipv4.c). */
export function parsePortRangeSysctl(text: string): PortRange | undefined {
  const match = /^(\d{1,5})\s+(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const range = { first: Number(match[1]), last: Number(match[2]) };
  return range.first <= range.last && range.last <= MAX_PORT ? range : undefined;
}
