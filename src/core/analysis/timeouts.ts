// When the entries of one port space expire, if nothing renews them: a histogram of CTA_TIMEOUT.
import { SEEN_REPLY } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import { TCP } from '../model/protocol.ts';
import { SYN_SENT, TIME_WAIT, isClosing } from '../model/tcp-state.ts';
import type { PortRelease } from './diagnosis.ts';
import { isOneShot } from './port-use.ts';

/** Timeouts from here on are as good as never; one histogram slot a second below it. */
const HISTOGRAM_SECONDS = 1024;

/** Seconds left (CTA_TIMEOUT) of the entries that nothing renews: closing, one-shot datagrams, SYNs without an answer. */
export class Timeouts {
  private readonly bySecond = new Uint32Array(HISTOGRAM_SECONDS);
  private readonly timeWaitBySecond = new Uint32Array(HISTOGRAM_SECONDS);
  /** How many these are. */
  ports = 0;
  /** Of them in TIME_WAIT. */
  closedPorts = 0;

  constructor(flows: FlowTable, protocol: number, rows: Uint32Array) {
    const { status, tcpState, timeoutSeconds } = flows.flows;
    for (const row of rows) {
      const state = tcpState[row] ?? 0;
      const timeout = timeoutSeconds[row] ?? 0;
      const bits = status[row] ?? 0;
      if (protocol === TCP ? !tcpRunsOut(state, bits) : !isOneShot(bits, timeout)) continue;
      const second = Math.min(timeout, HISTOGRAM_SECONDS - 1);
      this.ports += 1;
      this.bySecond[second] = (this.bySecond[second] ?? 0) + 1;
      if (state !== TIME_WAIT) continue;
      this.closedPorts += 1;
      this.timeWaitBySecond[second] = (this.timeWaitBySecond[second] ?? 0) + 1;
    }
  }

  freeWithin(seconds: number): number {
    return sum(this.bySecond.subarray(0, seconds));
  }

  /** Entries that entered TIME_WAIT in the last seconds: their timeout is still near the full one. */
  closedWithin(seconds: number, timeWaitSeconds: number): number {
    return sum(this.timeWaitBySecond.subarray(Math.max(0, timeWaitSeconds - seconds)));
  }

  /** What the newest of them has left; 0 when there is none. */
  get longestSeconds(): number {
    return this.ports === 0 ? 0 : this.secondOf(this.ports);
  }

  release(): PortRelease | undefined {
    if (this.ports === 0) return undefined;
    return {
      firstSeconds: this.secondOf(1),
      medianSeconds: this.secondOf(Math.ceil(this.ports / 2)),
      lastSeconds: this.secondOf(this.ports),
      ports: this.ports,
    };
  }

  /** The second in which the nth entry expires. */
  private secondOf(nth: number): number {
    let seen = 0;
    for (let second = 0; second < HISTOGRAM_SECONDS; second += 1) {
      seen += this.bySecond[second] ?? 0;
      if (seen >= nth) return second;
    }
    return HISTOGRAM_SECONDS - 1;
  }
}

function tcpRunsOut(state: number, status: number): boolean {
  return isClosing(state) || (state === SYN_SENT && (status & SEEN_REPLY) === 0);
}

function sum(counts: Uint32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
