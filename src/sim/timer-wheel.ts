// One timer per flow, due at whole ticks: set, cancelled and fired in constant time, however many there are.
// A tick is what a jiffy is to the kernel, whose own timeouts are counted in jiffies (nf_ct_is_expired): nothing is lost by rounding.
import { DUE, type FlowPool, NEXT, PREVIOUS, RECORD_BITS, UNLISTED } from './flow-pool.ts';

/** Ticks that have a list of their own ahead of now: 262 s at 1 ms. */
const NEAR_SLOTS = 2 ** 18;
const NEAR_MASK = NEAR_SLOTS - 1;
const NEAR_BITS = 18;
/** Lists of 2^18 ticks each, for what is due later. */
const FAR_SLOTS = 2 ** 12;

/** Later ticks cannot be reached. */
export const MOST_TICKS = NEAR_SLOTS * FAR_SLOTS;

/** Spans that many timers share have a queue each, in which the order of setting is the order of firing. */
const MOST_QUEUES = 4;
const FIRST_QUEUE = NEAR_SLOTS + FAR_SLOTS;
const NEVER = 0x7fffffff;

const END = -1;

/** Lists of flows by the tick their timer is due at; the links stand in the flows' own records. */
export class TimerWheel {
  readonly #flows: FlowPool;
  /** First flow of each list: the near ones, the far ones, the queues. */
  readonly #heads = new Int32Array(FIRST_QUEUE + MOST_QUEUES).fill(END);
  /** Last flow of each queue, and when its first is due. */
  readonly #tails = new Int32Array(MOST_QUEUES).fill(END);
  readonly #firstDue = new Int32Array(MOST_QUEUES).fill(NEVER);
  readonly #spans: number[] = [];
  readonly #lastTick: number;
  /** When the first of any queue is due. */
  #queueDue = NEVER;
  #tick = 0;

  /** `lastTick`: timers after it are remembered and never fire; at most MOST_TICKS. */
  constructor(flows: FlowPool, lastTick: number) {
    this.#flows = flows;
    this.#lastTick = lastTick;
  }

  /** The tick of the timer that fired last, or that was waited for. */
  get tick(): number {
    return this.#tick;
  }

  /** The tick a timer was last set to, also after it fired. */
  dueOf(id: number): number {
    return this.#flows.words[(id << RECORD_BITS) + DUE] ?? 0;
  }

  /** Sets a timer that is not set; what is due already fires with the next ones. */
  set(id: number, tick: number): void {
    const due = tick < this.#tick ? this.#tick : tick;
    this.#flows.words[(id << RECORD_BITS) + DUE] = due;
    if (due <= this.#lastTick) this.#list(id, due);
  }

  /** A queue for timers of this span; at most MOST_QUEUES. */
  addQueue(span: number): number {
    return this.#spans.push(span) - 1;
  }

  /** Sets a timer that is not set to a queue's span from now. */
  enqueue(id: number, queue: number): void {
    const { words } = this.#flows;
    const at = id << RECORD_BITS;
    const due = this.#tick + (this.#spans[queue] ?? 0);
    const tail = this.#tails[queue] ?? END;
    words[at + DUE] = due;
    words[at + NEXT] = END;
    this.#tails[queue] = id;
    if (tail === END) {
      words[at + PREVIOUS] = ~(FIRST_QUEUE + queue);
      this.#heads[FIRST_QUEUE + queue] = id;
      this.#firstDue[queue] = due;
      if (due < this.#queueDue) this.#queueDue = due;
    } else {
      words[at + PREVIOUS] = tail;
      words[(tail << RECORD_BITS) + NEXT] = id;
    }
  }

  /** Takes a timer out; harmless when it is not set. */
  cancel(id: number): void {
    const { words } = this.#flows;
    const at = id << RECORD_BITS;
    const previous = words[at + PREVIOUS] ?? UNLISTED;
    if (previous === UNLISTED) return;
    const next = words[at + NEXT] ?? END;
    // The flow before this one, or ~list when it is the first.
    if (previous >= 0) words[(previous << RECORD_BITS) + NEXT] = next;
    else this.#heads[~previous] = next;
    if (next !== END) words[(next << RECORD_BITS) + PREVIOUS] = previous;
    else this.#cutTail(id, previous);
    words[at + PREVIOUS] = UNLISTED;
    if (previous < 0 && ~previous >= FIRST_QUEUE) this.#noteFirst(~previous - FIRST_QUEUE, next);
  }

  /** The next flow whose timer is due at or before the tick, its timer taken out; -1 when there is none. */
  pop(until: number): number {
    const limit = this.#queueDue < until ? this.#queueDue : until;
    const heads = this.#heads;
    let tick = this.#tick;
    for (;;) {
      const id = heads[tick & NEAR_MASK] ?? END;
      if (id !== END) {
        this.#tick = tick;
        this.cancel(id);
        return id;
      }
      if (tick >= limit) break;
      tick += 1;
      if ((tick & NEAR_MASK) === 0) {
        this.#tick = tick;
        this.#bringNear(tick);
      }
    }
    this.#tick = tick;
    return this.#queueDue <= until ? this.#popQueue() : END;
  }

  #popQueue(): number {
    let queue = 0;
    while (this.#firstDue[queue] !== this.#queueDue) queue += 1;
    const id = this.#heads[FIRST_QUEUE + queue] ?? END;
    this.cancel(id);
    return id;
  }

  /** A flow without a next one was taken out: it may have been a queue's last. */
  #cutTail(id: number, previous: number): void {
    const tails = this.#tails;
    for (let queue = 0; queue < this.#spans.length; queue += 1) {
      if (tails[queue] === id) tails[queue] = previous >= 0 ? previous : END;
    }
  }

  /** A queue has another first flow. */
  #noteFirst(queue: number, id: number): void {
    this.#firstDue[queue] = id === END ? NEVER : this.dueOf(id);
    let earliest = NEVER;
    for (const due of this.#firstDue) if (due < earliest) earliest = due;
    this.#queueDue = earliest;
  }

  #list(id: number, due: number): void {
    const { words } = this.#flows;
    const list = due - this.#tick < NEAR_SLOTS ? due & NEAR_MASK : NEAR_SLOTS + (due >>> NEAR_BITS);
    const head = this.#heads[list] ?? END;
    words[(id << RECORD_BITS) + NEXT] = head;
    words[(id << RECORD_BITS) + PREVIOUS] = ~list;
    if (head !== END) words[(head << RECORD_BITS) + PREVIOUS] = id;
    this.#heads[list] = id;
  }

  /** A lap of the near lists begins: what is due in it moves there. */
  #bringNear(tick: number): void {
    const list = NEAR_SLOTS + (tick >>> NEAR_BITS);
    const { words } = this.#flows;
    let id = this.#heads[list] ?? END;
    this.#heads[list] = END;
    while (id !== END) {
      const next = words[(id << RECORD_BITS) + NEXT] ?? END;
      this.#list(id, words[(id << RECORD_BITS) + DUE] ?? tick);
      id = next;
    }
  }
}
