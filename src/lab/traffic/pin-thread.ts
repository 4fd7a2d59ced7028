// Keeps the calling thread on one CPU: two threads that must run at the same instant must not share one.
import { readFileSync } from 'node:fs';
import { checked, libc } from '../../kernel/netlink/libc.ts';

/** Bytes of a cpu_set_t (glibc). */
const CPU_SET_BYTES = 128;

/** Pins to the `nth` CPU this thread may use, counted around. @returns a function that lifts it. Errors: PTL_LIBC. */
export function pinThread(nth: number): () => void {
  const allowed = allowedCpus(readFileSync('/proc/thread-self/status', 'utf8'));
  const cpu = allowed[nth % Math.max(1, allowed.length)];
  if (cpu === undefined) return () => {};
  setAffinity([cpu]);
  return () => setAffinity(allowed);
}

/** CPU numbers of `Cpus_allowed_list: 0-2,5` in /proc/PID/status; empty when it is not there. */
export function allowedCpus(status: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return part === '' ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function setAffinity(cpus: readonly number[]): void {
  const set = new Uint8Array(CPU_SET_BYTES);
  for (const cpu of cpus) set[cpu >>> 3] = (set[cpu >>> 3] ?? 0) | (1 << (cpu & 7));
  checked(libc().sched_setaffinity(0, set.length, set), 'pin a thread to a CPU');
}
