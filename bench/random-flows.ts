// Flows drawn at random, seeded: new ones and the end of old ones, in few busy port spaces and many quiet ones.
import type { Random } from '../src/core/alloc/reference-search.ts';
import { type MixFlow, NODE_ADDRESS } from './flow-mix.ts';

const POD_NETWORK = 0x0af40000;
const SERVERS = 0xcb007100;
const PODS = 100;
/** TCP_CONNTRACK_ESTABLISHED, CLOSE_WAIT, TIME_WAIT, CLOSE. */
const STATES: readonly number[] = [3, 5, 7, 8];

/** A set of live flows that a caller inserts and deletes in the kernel. */
export class RandomFlows {
  readonly #random: Random;
  readonly #live: MixFlow[] = [];
  readonly #keys = new Set<number>();
  readonly #spaces: number;

  constructor(random: Random, spaces = 8) {
    this.#random = random;
    this.#spaces = spaces;
  }

  get live(): number {
    return this.#live.length;
  }

  /** A flow that is not there yet. One in five is of the node itself, forwarded, or UDP. */
  begin(): MixFlow {
    for (;;) {
      const space = this.#below(this.#spaces);
      const port = 20_000 + this.#below(40_000);
      const key = space * 65_536 + port;
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      const flow = this.#flow(space, port);
      this.#live.push(flow);
      return flow;
    }
  }

  /** One of those there, which is there no longer; undefined when there is none. */
  end(): MixFlow | undefined {
    if (this.#live.length === 0) return undefined;
    const index = this.#below(this.#live.length);
    const flow = this.#live[index];
    const last = this.#live.pop();
    if (last !== undefined && index < this.#live.length) this.#live[index] = last;
    if (flow !== undefined) this.#keys.delete((flow.destination - SERVERS) * 65_536 + flow.sourcePort);
    return flow;
  }

  /** The port identifies the flow in its space, so pods may come back with the ports they had. */
  #flow(space: number, port: number): MixFlow {
    const destination = SERVERS + space;
    const kind = this.#below(15);
    const pod = POD_NETWORK + 2 + (port % PODS);
    // Some run out by themselves, and nobody deletes those in time.
    const timeoutSeconds = this.#below(10) === 0 ? 1 + this.#below(4) : 7200;
    const common = {
      sourcePort: port,
      destination,
      destinationPort: 443,
      timeoutSeconds,
      tcpState: STATES[this.#below(4)] ?? 3,
    };
    if (kind === 0) return { protocol: 17, source: pod, ...common };
    if (kind === 1) return { protocol: 6, source: pod, ...common };
    if (kind === 2) return { protocol: 6, source: NODE_ADDRESS, ...common };
    return { protocol: 6, source: pod, ...common, snatPort: port };
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
