// All flows of a simulated cluster in typed-array columns, 26 bytes a flow: places are handed out and taken back, no object per flow.

/** How far a flow is; decides what its timer means. */
export const FREE = 0;
/** No entry: the SYN was dropped, and the client waits to send the next one. */
export const WAITING = 1;
/** SYN_SENT at a remote that does not answer; the client still hopes. */
export const UNANSWERED = 2;
/** The same after the client gave up. */
export const ABANDONED = 3;
/** ESTABLISHED. */
export const OPEN = 4;
/** ESTABLISHED, but nobody is there any more. */
export const VANISHED = 5;
/** TIME_WAIT, closed by the client. */
export const TIME_WAIT_CLIENT = 6;
/** TIME_WAIT, closed by the server first: it holds TIME_WAIT itself. */
export const TIME_WAIT_SERVER = 7;
/** CLOSE, after a reset. */
export const RESET = 8;
/** A UDP flow without a stream's timeout. */
export const DATAGRAM = 9;
/** A UDP flow that went on for more than 2 s and was answered (nf_conntrack_udp_timeout_stream). */
export const STREAM = 10;

export class FlowPool {
  /** Row of the port space; undefined content while the flow has no port. */
  space = new Int32Array(0);
  /** Number of the pod, over all workloads. */
  pod = new Int32Array(0);
  /** Tick of the first SYN. */
  startedAt = new Int32Array(0);
  /** Number of the flow among all that ever got a port, from 1. */
  serial = new Uint32Array(0);
  /** SNAT port. */
  port = new Uint16Array(0);
  /** The pod's own port. */
  sourcePort = new Uint16Array(0);
  phase = new Uint8Array(0);
  /** SYNs lost so far. */
  lost = new Uint8Array(0);
  #next = new Int32Array(0);
  #firstFree = -1;
  #capacity = 0;

  /** Places there are: every id is below. */
  get capacity(): number {
    return this.#capacity;
  }

  /** A free place, made when there is none. */
  take(): number {
    if (this.#firstFree < 0) this.#grow();
    const id = this.#firstFree;
    this.#firstFree = this.#next[id] ?? -1;
    this.lost[id] = 0;
    return id;
  }

  /** Hands a place back. */
  give(id: number): void {
    this.phase[id] = FREE;
    this.#next[id] = this.#firstFree;
    this.#firstFree = id;
  }

  #grow(): void {
    const old = this.#capacity;
    const capacity = Math.max(1024, old * 2);
    this.space = grown(this.space, new Int32Array(capacity));
    this.pod = grown(this.pod, new Int32Array(capacity));
    this.startedAt = grown(this.startedAt, new Int32Array(capacity));
    this.serial = grown(this.serial, new Uint32Array(capacity));
    this.port = grown(this.port, new Uint16Array(capacity));
    this.sourcePort = grown(this.sourcePort, new Uint16Array(capacity));
    this.phase = grown(this.phase, new Uint8Array(capacity));
    this.lost = grown(this.lost, new Uint8Array(capacity));
    this.#next = grown(this.#next, new Int32Array(capacity));
    for (let id = capacity - 1; id >= old; id -= 1) this.give(id);
    this.#capacity = capacity;
  }
}

function grown<Column extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(
  old: Column,
  column: Column,
): Column {
  column.set(old);
  return column;
}
