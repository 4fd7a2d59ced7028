// A bounded ring of flows that ended: who held a port, from when to when. Each record stands for itself, so that it outlives
// the tables it came from. 66 bytes a flow; the oldest makes room for the newest.
import { formatAddress } from '../model/address.ts';

const ADDRESS_WORDS = 4;
/** Source, remote and SNAT address. */
const RECORD_WORDS = 3 * ADDRESS_WORDS;

/** One flow and the time it held its port; seconds of the ledger's clock. */
export interface HeldPort {
  readonly protocol: number;
  readonly zone: number;
  readonly snatAddress: string;
  readonly port: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly fromSeconds: number;
  /** Absent while it still holds the port. */
  readonly toSeconds?: number;
  /** False: it began earlier than `fromSeconds`, when nobody listened. */
  readonly beganExactly: boolean;
  /** False: its end was not heard; it was gone at `toSeconds`, and there at the resync before. */
  readonly endedExactly: boolean;
}

/** What a record is made of; address words as they lie in memory. */
export interface EndedFlow {
  readonly words: Int32Array;
  /** Where the four words of each address start in `words`. */
  readonly source: number;
  readonly remoteAddress: number;
  readonly snatAddress: number;
  readonly protocol: number;
  readonly zone: number;
  readonly port: number;
  readonly remotePort: number;
  readonly sourcePort: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly beganExactly: boolean;
  readonly endedExactly: boolean;
}

/** The latest flows that ended. */
export class FlowHistory {
  readonly #capacity: number;
  readonly #addresses: Int32Array;
  readonly #ports: Uint16Array;
  readonly #times: Uint32Array;
  readonly #kinds: Uint8Array;
  #next = 0;
  #total = 0;

  /** `capacity`: how many flows are remembered; 0 for none. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#addresses = new Int32Array(capacity * RECORD_WORDS);
    this.#ports = new Uint16Array(capacity * 4);
    this.#times = new Uint32Array(capacity * 2);
    this.#kinds = new Uint8Array(capacity * 2);
  }

  /** How many flows it remembers. */
  get count(): number {
    return Math.min(this.#total, this.#capacity);
  }

  get bytes(): number {
    return this.#addresses.byteLength + this.#ports.byteLength + this.#times.byteLength + this.#kinds.byteLength;
  }

  /** Second up to which ended flows may have been forgotten; undefined when all are remembered. */
  get forgottenUntilSeconds(): number | undefined {
    return this.#total > this.#capacity ? this.#forgottenUntil : undefined;
  }

  #forgottenUntil = 0;

  add(flow: EndedFlow): void {
    if (this.#capacity === 0) {
      this.#total += 1;
      this.#forgottenUntil = flow.toSeconds;
      return;
    }
    const at = this.#next;
    if (this.#total >= this.#capacity) this.#forgottenUntil = this.#times[at * 2 + 1] ?? 0;
    this.#copy(flow, { from: flow.source, to: at * RECORD_WORDS });
    this.#copy(flow, { from: flow.remoteAddress, to: at * RECORD_WORDS + ADDRESS_WORDS });
    this.#copy(flow, { from: flow.snatAddress, to: at * RECORD_WORDS + 2 * ADDRESS_WORDS });
    this.#ports[at * 4] = flow.port;
    this.#ports[at * 4 + 1] = flow.remotePort;
    this.#ports[at * 4 + 2] = flow.sourcePort;
    this.#ports[at * 4 + 3] = flow.zone;
    this.#times[at * 2] = flow.fromSeconds;
    this.#times[at * 2 + 1] = flow.toSeconds;
    this.#kinds[at * 2] = flow.protocol;
    this.#kinds[at * 2 + 1] = (flow.beganExactly ? 1 : 0) | (flow.endedExactly ? 2 : 0);
    this.#next = (at + 1) % this.#capacity;
    this.#total += 1;
  }

  /** The flows that held a port at a second, the latest to end first. */
  holdersOf(port: number, atSeconds: number): readonly HeldPort[] {
    const found: HeldPort[] = [];
    for (let age = 1; age <= this.count; age += 1) {
      const at = (this.#next - age + this.#capacity) % this.#capacity;
      if (this.#ports[at * 4] !== port) continue;
      if ((this.#times[at * 2] ?? 0) <= atSeconds && (this.#times[at * 2 + 1] ?? 0) >= atSeconds)
        found.push(this.#record(at));
    }
    return found;
  }

  #copy(flow: EndedFlow, { from, to }: { readonly from: number; readonly to: number }): void {
    for (let word = 0; word < ADDRESS_WORDS; word += 1) this.#addresses[to + word] = flow.words[from + word] ?? 0;
  }

  #record(at: number): HeldPort {
    return {
      protocol: this.#kinds[at * 2] ?? 0,
      zone: this.#ports[at * 4 + 3] ?? 0,
      snatAddress: this.#text(at * RECORD_WORDS + 2 * ADDRESS_WORDS),
      port: this.#ports[at * 4] ?? 0,
      remoteAddress: this.#text(at * RECORD_WORDS + ADDRESS_WORDS),
      remotePort: this.#ports[at * 4 + 1] ?? 0,
      source: this.#text(at * RECORD_WORDS),
      sourcePort: this.#ports[at * 4 + 2] ?? 0,
      fromSeconds: this.#times[at * 2] ?? 0,
      toSeconds: this.#times[at * 2 + 1] ?? 0,
      beganExactly: ((this.#kinds[at * 2 + 1] ?? 0) & 1) !== 0,
      endedExactly: ((this.#kinds[at * 2 + 1] ?? 0) & 2) !== 0,
    };
  }

  #text(word: number): string {
    return formatAddress(new Uint8Array(this.#addresses.buffer, word * 4, 16));
  }
}
