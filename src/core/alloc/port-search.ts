// What a port search is asked and how this kernel goes about it; shared by every behaviour era.
import type { KernelBehaviour } from '../model/kernel-behaviour.ts';
import type { PortRange } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';

/** The two facts about a kernel that decide how a search ends. */
export type SearchBehaviour = Pick<KernelBehaviour, 'evictsClosing' | 'search'>;

/** One port space as the search meets it. */
export interface PortSearch {
  /** Ports that an entry of this port space holds, in either direction. */
  readonly occupied: PortSet;
  /** Occupied ports whose entry nf_nat_used_tuple_harder may take over; a subset of `occupied`. */
  readonly evictable: PortSet;
  /** What the rule allows (nf_nat_range2). */
  readonly range: PortRange;
  /** IPPROTO_* of the new flow; only a TCP SYN may evict. */
  readonly protocol: number;
  readonly behaviour: SearchBehaviour;
}

/** The search starts at a random u16 and counts in u16: 65,536 starts, all alike. */
export const STARTS = 65_536;

/** max_attempts and the point below which no further round follows (nf_nat_l4proto_unique_tuple). */
export const MAX_ATTEMPTS = 128;
export const LAST_ATTEMPTS = 16;

/** How many of a window's last candidates may be taken over (NF_NAT_HARDER_THRESH). */
export const HARDER_THRESHOLD = 32;

/** Candidates per round: 128, 64, 32, 16, 8; one complete round when the range has at most 128 ports. */
export function searchWindows(size: number): readonly number[] {
  if (size <= MAX_ATTEMPTS) return [size];
  const windows = [MAX_ATTEMPTS];
  for (let last = MAX_ATTEMPTS; last >= LAST_ATTEMPTS; last = windows.at(-1) ?? 0) windows.push(last / 2);
  return windows;
}
