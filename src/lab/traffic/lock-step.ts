// Two hosts send from the same source port in the same instant, pair after pair: what two pods do by chance, made frequent.
// They meet at a barrier in shared memory, so their packets cross NAT on two CPUs at once.
import { RawSender } from '../../kernel/probe/raw-sender.ts';

export interface LockStep {
  /** At least 8 bytes, shared by both sides: arrivals, and a flag that ends it. */
  readonly barrier: SharedArrayBuffer;
  readonly source: string;
  readonly destination: string;
  readonly destinationPort: number;
  readonly protocol: number;
  readonly firstSourcePort: number;
  readonly lastSourcePort: number;
  /** Pairs to send. */
  readonly pairs: number;
  /** Gives up after this time, so that a missing partner cannot hang a host. */
  readonly deadlineMs: number;
}

const ARRIVALS = 0;
const ENDED = 1;

/** @returns how many packets this side sent. */
export function sendInLockStep(options: LockStep): number {
  const cells = new Int32Array(options.barrier);
  const sender = new RawSender(options);
  const endsAt = performance.now() + options.deadlineMs;
  const ports = options.lastSourcePort - options.firstSourcePort + 1;
  let sent = 0;
  try {
    while (sent < options.pairs && meet(cells, { round: sent + 1, endsAt })) {
      sender.send(options.firstSourcePort + (sent % ports));
      sent += 1;
    }
  } finally {
    Atomics.store(cells, ENDED, 1);
    sender.close();
  }
  return sent;
}

/** @returns false when the time ran out or the partner has ended. */
function meet(cells: Int32Array, { round, endsAt }: { readonly round: number; readonly endsAt: number }): boolean {
  Atomics.add(cells, ARRIVALS, 1);
  for (let spins = 1; Atomics.load(cells, ARRIVALS) < round * 2; spins += 1) {
    if (spins % 1024 !== 0) continue;
    if (Atomics.load(cells, ENDED) === 1 || performance.now() > endsAt) return false;
  }
  return performance.now() <= endsAt;
}
