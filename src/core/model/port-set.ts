// A set of ports as a bitmap of 65,536 bits (8 KiB): what is occupied in one port space, what is claimed on one node.
import type { Port, PortRange } from './port-range.ts';

const WORDS = 2048;

/** A mutable bitmap of ports; bit `p & 31` of word `p >>> 5` is port `p`. */
export class PortSet {
  readonly words: Uint32Array;

  constructor(words: Uint32Array = new Uint32Array(WORDS)) {
    if (words.length !== WORDS) throw new RangeError(`Cannot make a port set: ${words.length} words, wanted ${WORDS}`);
    this.words = words;
  }

  add(port: Port): void {
    const word = port >>> 5;
    this.words[word] = (this.words[word] ?? 0) | (1 << (port & 31));
  }

  delete(port: Port): void {
    const word = port >>> 5;
    this.words[word] = (this.words[word] ?? 0) & ~(1 << (port & 31));
  }

  has(port: Port): boolean {
    return (((this.words[port >>> 5] ?? 0) >>> (port & 31)) & 1) === 1;
  }

  /** How many ports of the range are in the set; of all ports when no range is given. */
  count(range: PortRange = { first: 0, last: 65_535 }): number {
    let total = 0;
    for (let port = range.first; port <= range.last; ) {
      if ((port & 31) === 0 && port + 31 <= range.last) {
        total += popCount(this.words[port >>> 5] ?? 0);
        port += 32;
      } else {
        if (this.has(port)) total += 1;
        port += 1;
      }
    }
    return total;
  }

  /** How many ports of each stretch of `size` ports are in the set; `size` is a power of two. Costs the same however many there are. */
  countEach(size: number): Uint16Array {
    const counts = new Uint16Array(65_536 / size);
    const step = Math.min(32, size);
    const mask = step === 32 ? -1 : (1 << step) - 1;
    for (let port = 0; port < 65_536; port += step) {
      const bits = ((this.words[port >>> 5] ?? 0) >>> (port & 31)) & mask;
      const stretch = Math.floor(port / size);
      counts[stretch] = (counts[stretch] ?? 0) + popCount(bits);
    }
    return counts;
  }

  /** The ports in ascending order. */
  *[Symbol.iterator](): Generator<Port> {
    for (let word = 0; word < WORDS; word += 1) {
      const bits = this.words[word] ?? 0;
      if (bits === 0) continue;
      for (let bit = 0; bit < 32; bit += 1) if (((bits >>> bit) & 1) === 1) yield word * 32 + bit;
    }
  }
}

function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
