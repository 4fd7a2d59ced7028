// Flows that ended while a dump was under way: the dump may still show them, because the kernel writes its answers ahead.
import { finishHash, mixHash } from '../model/integer-hash.ts';

// A slot: port space, port, id, state.
const SLOT_WORDS = 4;
const SMALLEST_SLOTS = 256;
const EMPTY = 0;
const ENDED = 1;

/** A set that is emptied before each dump. */
export class EndedFlows {
  #slots = new Int32Array(SMALLEST_SLOTS * SLOT_WORDS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  clear(): void {
    if (this.#slots.length === SMALLEST_SLOTS * SLOT_WORDS) this.#slots.fill(0);
    else this.#slots = new Int32Array(SMALLEST_SLOTS * SLOT_WORDS);
    this.#count = 0;
  }

  /** Notes that a flow ended. */
  add(portSpace: number, port: number, id: number): void {
    if ((this.#count + 1) * 2 * SLOT_WORDS > this.#slots.length) this.#grow();
    const at = this.#slotOf(portSpace, port, id);
    if (this.#slots[at + 3] === EMPTY) this.#count += 1;
    this.#write(at, { portSpace, port, id });
  }

  has(portSpace: number, port: number, id: number): boolean {
    return this.#count > 0 && this.#slots[this.#slotOf(portSpace, port, id) + 3] === ENDED;
  }

  #slotOf(portSpace: number, port: number, id: number): number {
    const slots = this.#slots;
    const mask = slots.length / SLOT_WORDS - 1;
    for (let slot = finishHash(mixHash(mixHash(portSpace, port), id)) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * SLOT_WORDS;
      if (slots[at + 3] === EMPTY) return at;
      if (slots[at] === portSpace && slots[at + 1] === port && slots[at + 2] === (id | 0)) return at;
    }
  }

  #write(at: number, flow: { portSpace: number; port: number; id: number }): void {
    this.#slots[at] = flow.portSpace;
    this.#slots[at + 1] = flow.port;
    this.#slots[at + 2] = flow.id;
    this.#slots[at + 3] = ENDED;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      if (old[at + 3] === EMPTY) continue;
      const flow = { portSpace: old[at] ?? 0, port: old[at + 1] ?? 0, id: old[at + 2] ?? 0 };
      this.#write(this.#slotOf(flow.portSpace, flow.port, flow.id), flow);
    }
  }
}
