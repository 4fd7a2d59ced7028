// One timer per flow, due at whole ticks: set, cancelled and fired in constant time, however many there are.
// A tick is what a jiffy is to the kernel, whose own timeouts are counted in jiffies (nf_ct_is_expired): nothing is lost by rounding.

/** Ticks that have a list of their own ahead of now: 262 s at 1 ms. */
const NEAR_SLOTS = 2 ** 18;
const NEAR_MASK = NEAR_SLOTS - 1;
const NEAR_BITS = 18;
/** Lists of 2^18 ticks each, for what is due later. */
const FAR_SLOTS = 2 ** 12;

/** Later ticks cannot be reached. */
export const MOST_TICKS = NEAR_SLOTS * FAR_SLOTS;

const END = -1;
/** In `previous`: the timer is in no list. */
const UNLISTED = -0x80000000;

/** Lists of timers by the tick they are due at; ids are small whole numbers given by the caller. */
export class TimerWheel {
  #due = new Int32Array(0);
  #next = new Int32Array(0);
  /** The timer before this one, or ~list when it is the first. */
  #previous = new Int32Array(0);
  /** First timer of each list: the near ones, then the far ones. */
  readonly #heads = new Int32Array(NEAR_SLOTS + FAR_SLOTS).fill(END);
  readonly #lastTick: number;
  #tick = 0;

  /** `lastTick`: timers after it are remembered and never fire; at most MOST_TICKS. */
  constructor(lastTick: number) {
    this.#lastTick = lastTick;
  }

  /** The tick of the timer that fired last, or that was waited for. */
  get tick(): number {
    return this.#tick;
  }

  /** Makes room for ids below `capacity`. */
  reserve(capacity: number): void {
    const old = this.#due.length;
    if (capacity <= old) return;
    this.#due = grown(this.#due, capacity);
    this.#next = grown(this.#next, capacity);
    this.#previous = grown(this.#previous, capacity);
    this.#previous.fill(UNLISTED, old);
  }

  /** The tick a timer was last set to, also after it fired. */
  dueOf(id: number): number {
    return this.#due[id] ?? 0;
  }

  /** Sets a timer that is not set; what is due already fires with the next ones. */
  set(id: number, tick: number): void {
    const due = tick < this.#tick ? this.#tick : tick;
    this.#due[id] = due;
    if (due <= this.#lastTick) this.#list(id, due);
  }

  /** Takes a timer out; harmless when it is not set. */
  cancel(id: number): void {
    const previous = this.#previous[id] ?? UNLISTED;
    if (previous === UNLISTED) return;
    const next = this.#next[id] ?? END;
    if (previous >= 0) this.#next[previous] = next;
    else this.#heads[~previous] = next;
    if (next !== END) this.#previous[next] = previous;
    this.#previous[id] = UNLISTED;
  }

  /** The next timer that is due at or before the tick, taken out; -1 when there is none. */
  pop(until: number): number {
    const heads = this.#heads;
    let tick = this.#tick;
    for (;;) {
      const id = heads[tick & NEAR_MASK] ?? END;
      if (id !== END) {
        this.#tick = tick;
        this.cancel(id);
        return id;
      }
      if (tick >= until) break;
      tick += 1;
      if ((tick & NEAR_MASK) === 0) {
        this.#tick = tick;
        this.#bringNear(tick);
      }
    }
    this.#tick = tick;
    return -1;
  }

  #list(id: number, due: number): void {
    const list = due - this.#tick < NEAR_SLOTS ? due & NEAR_MASK : NEAR_SLOTS + (due >>> NEAR_BITS);
    const head = this.#heads[list] ?? END;
    this.#next[id] = head;
    this.#previous[id] = ~list;
    if (head !== END) this.#previous[head] = id;
    this.#heads[list] = id;
  }

  /** A lap of the near lists begins: what is due in it moves there. */
  #bringNear(tick: number): void {
    const list = NEAR_SLOTS + (tick >>> NEAR_BITS);
    let id = this.#heads[list] ?? END;
    this.#heads[list] = END;
    while (id !== END) {
      const next = this.#next[id] ?? END;
      this.#list(id, this.#due[id] ?? tick);
      id = next;
    }
  }
}

function grown(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const column = new Int32Array(length);
  column.set(old);
  return column;
}
