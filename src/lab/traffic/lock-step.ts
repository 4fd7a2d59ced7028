// Two hosts send from the same source port in the same instant, pair after pair: what two pods do by chance, made frequent.
// They meet at a barrier in shared memory, so their packets cross NAT on two CPUs at once.
import { pinThread } from './pin-thread.ts';
import { type RawAim, RawSender } from '../../kernel/probe/raw-sender.ts';

export interface LockStep extends RawAim {
  /** At least 8 bytes, shared by both sides: arrivals, and a flag that ends it. */
  readonly barrier: SharedArrayBuffer;
  readonly firstSourcePort: number;
  readonly lastSourcePort: number;
  readonly pairsPerSecond: number;
  /** 0 or 1; each side has a CPU of its own. */
  readonly side: number;
}

const ARRIVALS = 0;
const ENDED = 1;
const PAIRS_PER_BURST = 16;

/** A partner that does not come in this time is gone. */
const PATIENCE_MS = 1000;

/** Goes on until either side is told to stop. @returns how many packets this side sent. */
export async function sendInLockStep(options: LockStep, isStopping: () => boolean): Promise<number> {
  const cells = new Int32Array(options.barrier);
  const sender = new RawSender(options);
  const unpin = pinThread(options.side);
  const ports = options.lastSourcePort - options.firstSourcePort + 1;
  const gapMs = (PAIRS_PER_BURST * 1000) / options.pairsPerSecond;
  let sent = 0;
  try {
    while (!isStopping()) {
      for (let pair = 0; pair < PAIRS_PER_BURST; pair += 1, sent += 1) {
        if (!meet(cells, sent + 1)) return sent;
        stagger(cells, (Math.imul(sent + 1, 2_654_435_761) ^ Math.imul(options.side + 1, 40_503)) >>> 24);
        sender.send(options.firstSourcePort + (sent % ports));
      }
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
    return sent;
  } finally {
    Atomics.store(cells, ENDED, 1);
    sender.close();
    unpin();
  }
}

/**
 * A short delay, different on each side and for each pair: one side is always a little faster, and without this its packet
 * would be confirmed before the other's search begins, pair after pair.
 */
function stagger(cells: Int32Array, spins: number): void {
  for (let spin = 0; spin < spins; spin += 1) Atomics.load(cells, ARRIVALS);
}

/** Spins until both sides are here. @returns false when the partner has ended or does not come. */
function meet(cells: Int32Array, round: number): boolean {
  Atomics.add(cells, ARRIVALS, 1);
  const endsAt = performance.now() + PATIENCE_MS;
  for (let spins = 1; Atomics.load(cells, ARRIVALS) < round * 2; spins += 1) {
    if (spins % 1024 !== 0) continue;
    if (Atomics.load(cells, ENDED) === 1 || performance.now() > endsAt) return false;
  }
  return true;
}
