// Port lists as iptables prints them: `80`, `8443:8444`, `53,8000:8010`, `2000-3000`.
import { MAX_PORT, type PortRange } from '../../core/model/port-range.ts';

/** Undefined when a part is no port. */
export function portsOf(text: string): readonly PortRange[] | undefined {
  const ranges = text.split(',').map(rangeOf);
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

/** One port or one range; the kernel swaps a reversed one (nf_nat_l4proto_unique_tuple). */
export function rangeOf(text: string): PortRange | undefined {
  const match = /^(\d{1,5})?(?:([:-])(\d{1,5})?)?$/.exec(text);
  if (match === null || text === '') return undefined;
  const first = Number(match[1] ?? 0);
  const last = match[2] === undefined ? first : Number(match[3] ?? MAX_PORT);
  if (Math.max(first, last) > MAX_PORT) return undefined;
  return { first: Math.min(first, last), last: Math.max(first, last) };
}
