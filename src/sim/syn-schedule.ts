// When a client sends its SYNs. Each is a search of its own: nothing is remembered of a SYN that was dropped.
import type { KernelEra } from '../core/alloc/kernel-era.ts';

/** Linux < 6.5: tcp_syn_retries 6, each wait twice the last. */
const DOUBLING = [0, 1, 3, 7, 15, 31, 63, 127] as const;

/** Linux >= 6.5: tcp_syn_linear_timeouts 4 waits of a second come first (ip-sysctl.rst). */
const LINEAR_FIRST = [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131] as const;

/** Seconds after connect() at which a pod on this kernel sends a SYN; the last is when it gives up by itself. */
export function synSchedule(era: KernelEra): readonly number[] {
  return era === '6.5' || era === '6.12' ? LINEAR_FIRST : DOUBLING;
}
