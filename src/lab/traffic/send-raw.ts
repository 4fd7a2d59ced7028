// Sends many raw packets at a given rate: each from its own source port.
import { type RawAim, RawSender } from '../../kernel/probe/raw-sender.ts';

export interface RawTraffic extends RawAim {
  readonly firstSourcePort: number;
  readonly count: number;
  /** Pause between batches of 64 packets keeps the mean rate; undefined sends as fast as it can. */
  readonly perSecond?: number;
}

/** Sends the traffic; `isStopping` is asked between batches. @returns how many packets were sent. */
export async function sendRaw(traffic: RawTraffic, isStopping: () => boolean): Promise<number> {
  const sender = new RawSender(traffic);
  const startedAt = performance.now();
  let sent = 0;
  try {
    while (sent < traffic.count && !isStopping()) {
      const until = Math.min(traffic.count, sent + 64);
      for (; sent < until; sent += 1) sender.send(((traffic.firstSourcePort + sent - 1) % 65_535) + 1, 1000 + sent);
      const dueMs = traffic.perSecond === undefined ? 0 : (sent * 1000) / traffic.perSecond;
      await pause(Math.max(0, startedAt + dueMs - performance.now()));
    }
  } finally {
    sender.close();
  }
  return sent;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    if (milliseconds < 1) setImmediate(resolve);
    else setTimeout(resolve, milliseconds);
  });
}
