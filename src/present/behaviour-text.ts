// What this kernel does with ports, in plain words and in the kernel's.
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';

const CLOSING = {
  yes: 'reuses closing ports',
  no: 'does not reuse closing ports',
  unknown: 'not known if it reuses closing ports',
} as const;

const SEARCH = {
  windows: 'tries up to 248 ports for a new flow, then drops its packet even when others are free',
  'full-scan': 'tries every port of the range for a new flow',
  unknown: 'how it searches for a free port is not known',
} as const;

/** `kernel 6.1.0 (does not reuse closing ports)`. */
export function plainBehaviour({ release, evictsClosing }: KernelBehaviour): string {
  return `kernel ${release} (${CLOSING[evictsClosing]})`;
}

/** How the kernel looks for a free port, as a sentence without its subject. */
export function searchSentence({ search }: KernelBehaviour): string {
  return SEARCH[search];
}

const EVICTION = {
  yes: 'evicts TIME_WAIT',
  no: 'no TIME_WAIT eviction',
  unknown: 'TIME_WAIT eviction unknown',
} as const;
const KERNEL_SEARCH = {
  windows: 'window search 128+64+32+16+8',
  'full-scan': 'full-range search',
  unknown: 'search unknown',
} as const;

/** `kernel 6.1.0 (no TIME_WAIT eviction, window search 128+64+32+16+8, nf_conntrack_events=2)`. */
export function kernelBehaviourWords(behaviour: KernelBehaviour): string {
  const { release, evictsClosing, search, eventMode } = behaviour;
  return `kernel ${release} (${EVICTION[evictsClosing]}, ${KERNEL_SEARCH[search]}, nf_conntrack_events=${eventMode})`;
}
