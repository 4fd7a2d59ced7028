// Raises nf_conntrack_max for the time of a measurement and puts the old value back, whatever happens short of kill -9.
import { readFileSync, writeFileSync } from 'node:fs';

const LIMIT = '/proc/sys/net/netfilter/nf_conntrack_max';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The limit that holds now. */
export function conntrackLimit(): number {
  return Number(readFileSync(LIMIT, 'latin1'));
}

/** Runs `work` with room for `entries`; says to it how many there is room for. The limit is the machine's, not a namespace's. */
export async function* withRoomFor<Value>(
  entries: number,
  work: (room: number) => AsyncIterable<Value>,
): AsyncIterable<Value> {
  const old = conntrackLimit();
  const restore = (): void => writeFileSync(LIMIT, String(old));
  const abort = (): void => {
    restore();
    process.exit(130);
  };
  const room = raised(old, entries);
  if (room !== old) for (const signal of SIGNALS) process.once(signal, abort);
  try {
    yield* work(room);
  } finally {
    if (room !== old) {
      restore();
      for (const signal of SIGNALS) process.removeListener(signal, abort);
    }
  }
}

function raised(old: number, entries: number): number {
  if (old >= entries) return old;
  try {
    writeFileSync(LIMIT, String(entries));
    return conntrackLimit();
  } catch {
    return old;
  }
}
