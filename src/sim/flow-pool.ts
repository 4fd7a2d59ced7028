// All flows of a simulated cluster as 32-byte records in one typed array: no object per flow, and one cache line for all of one.

/** Words of a record. The first three belong to the timers (timer-wheel.ts). */
export const RECORD_BITS = 3;
export const DUE = 0;
export const NEXT = 1;
export const PREVIOUS = 2;
const POD = 3;
const SPACE = 4;
/** SNAT port, then the pod's own port in the upper half. */
const PORTS = 5;
/** While no port is held the tick of the first SYN, then the flow's number. */
const SERIAL = 6;
/** Phase, then how many SYNs were lost. */
const PHASE = 7;

/** In PREVIOUS: the timer is in no list. */
export const UNLISTED = -0x80000000;

/** Flows by id; places are handed out and taken back. */
export class FlowPool {
  /** Replaced when it grows: read anew after `take`. */
  words = new Int32Array(0);
  #firstFree = -1;
  #capacity = 0;

  /** Places there are: every id is below. */
  get capacity(): number {
    return this.#capacity;
  }

  /** A place for a connection that begins. */
  take(pod: number, begin: { readonly tick: number; readonly sourcePort: number }): number {
    if (this.#firstFree < 0) this.#grow();
    const id = this.#firstFree;
    const at = id << RECORD_BITS;
    const { words } = this;
    this.#firstFree = words[at + NEXT] ?? -1;
    words[at + POD] = pod;
    words[at + PORTS] = begin.sourcePort << 16;
    words[at + SERIAL] = begin.tick;
    words[at + PHASE] = 0;
    return id;
  }

  /** Hands a place back. */
  give(id: number): void {
    const at = id << RECORD_BITS;
    this.words[at + PHASE] = 0;
    this.words[at + NEXT] = this.#firstFree;
    this.#firstFree = id;
  }

  /** The flow got a port. */
  hold(id: number, held: { readonly space: number; readonly port: number; readonly serial: number }): void {
    const at = id << RECORD_BITS;
    const { words } = this;
    words[at + SPACE] = held.space;
    words[at + PORTS] = ((words[at + PORTS] ?? 0) & 0xffff0000) | held.port;
    words[at + SERIAL] = held.serial;
  }

  /** One of flow-phase.ts; 0 for a place nobody has. */
  phase(id: number): number {
    return (this.words[(id << RECORD_BITS) + PHASE] ?? 0) & 0xff;
  }

  setPhase(id: number, phase: number): void {
    const at = (id << RECORD_BITS) + PHASE;
    this.words[at] = ((this.words[at] ?? 0) & ~0xff) | phase;
  }

  /** SYNs lost so far. */
  lost(id: number): number {
    return (this.words[(id << RECORD_BITS) + PHASE] ?? 0) >>> 8;
  }

  addLost(id: number): void {
    const at = (id << RECORD_BITS) + PHASE;
    this.words[at] = (this.words[at] ?? 0) + 0x100;
  }

  /** Number of the pod, over all workloads. */
  pod(id: number): number {
    return this.words[(id << RECORD_BITS) + POD] ?? 0;
  }

  /** Tick of the first SYN; only while no port is held. */
  startedAt(id: number): number {
    return this.words[(id << RECORD_BITS) + SERIAL] ?? 0;
  }

  /** Row of the port space; only while a port is held. */
  space(id: number): number {
    return this.words[(id << RECORD_BITS) + SPACE] ?? 0;
  }

  /** Number among all flows that ever got a port, from 1; only while a port is held. */
  serial(id: number): number {
    return (this.words[(id << RECORD_BITS) + SERIAL] ?? 0) >>> 0;
  }

  /** SNAT port; only while a port is held. */
  port(id: number): number {
    return (this.words[(id << RECORD_BITS) + PORTS] ?? 0) & 0xffff;
  }

  /** The pod's own port. */
  sourcePort(id: number): number {
    return (this.words[(id << RECORD_BITS) + PORTS] ?? 0) >>> 16;
  }

  #grow(): void {
    const old = this.#capacity;
    const capacity = Math.max(1024, old * 2);
    const words = new Int32Array(capacity << RECORD_BITS);
    words.set(this.words);
    this.words = words;
    for (let id = capacity - 1; id >= old; id -= 1) {
      words[(id << RECORD_BITS) + PREVIOUS] = UNLISTED;
      this.give(id);
    }
    this.#capacity = capacity;
  }
}
