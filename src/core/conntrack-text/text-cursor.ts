// A place in bytes of text from which numbers and addresses are read: no string and no object is made.
import type { ConntrackEntry } from '../model/conntrack-entry.ts';

const SPACE = 0x20;
const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;

/** Reads on from `at`. A byte up to SPACE, or the end of the array, must follow every value. */
export class TextCursor {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  /** The eight groups of the IPv6 address that is being read. */
  readonly #groups = new Uint16Array(8);
  readonly #octets = new Uint8Array(16);
  readonly #words = new Int32Array(this.#octets.buffer);

  /** Moves to the next byte above SPACE. @returns false when `stop` comes first. */
  nextWord(stop: number): boolean {
    const bytes = this.bytes;
    let at = this.at;
    while (at < stop && (bytes[at] ?? 0) <= SPACE) at += 1;
    this.at = at;
    return at < stop;
  }

  /** Moves behind the word. */
  skipWord(stop: number): void {
    const bytes = this.bytes;
    let at = this.at;
    while (at < stop && (bytes[at] ?? 0) > SPACE) at += 1;
    this.at = at;
  }

  /** A decimal number from `at` on. @returns -1 when there is none, or one above `most`, or something sticks to it. */
  number(at: number, most: number): number {
    const bytes = this.bytes;
    let value = 0;
    let place = at;
    let digit = (bytes[place] ?? 0) - ZERO;
    while (digit >= 0 && digit <= 9 && value <= most) {
      value = value * 10 + digit;
      place += 1;
      digit = (bytes[place] ?? 0) - ZERO;
    }
    this.at = place;
    return place === at || value > most || (bytes[place] ?? 0) > SPACE ? -1 : value;
  }

  /** An address of either family from `at` on, into the words from `place` on. @returns 4, 6, or 0 when it is none. */
  address(at: number, entry: ConntrackEntry, place: number): 0 | 4 | 6 {
    if (this.#ipv4(at, entry.addresses, place)) return (this.bytes[this.at] ?? 0) > SPACE ? 0 : 4;
    return this.#ipv6(at, entry.addresses, place) ? 6 : 0;
  }

  #ipv4(start: number, words: Int32Array, place: number): boolean {
    const bytes = this.bytes;
    let at = start;
    let word = 0;
    for (let octets = 0; octets < 4; octets += 1) {
      let octet = (bytes[at] ?? 0) - ZERO;
      if (octet < 0 || octet > 9) return false;
      at += 1;
      for (let digit = (bytes[at] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[at] ?? 0) - ZERO) {
        octet = octet * 10 + digit;
        if (octet > 255) return false;
        at += 1;
      }
      word = (word >>> 8) | (octet << 24);
      if (octets === 3) break;
      if (bytes[at] !== DOT) return false;
      at += 1;
    }
    words[place + 3] = word;
    this.at = at;
    return true;
  }

  /** Any form of RFC 4291: `%pI6` of the kernel, inet_ntop of the tools, `::`, an IPv4 tail. */
  #ipv6(start: number, words: Int32Array, place: number): boolean {
    const bytes = this.bytes;
    const groups = this.#groups;
    let count = 0;
    let gap = -1;
    let at = start;
    if (bytes[at] === COLON) {
      if (bytes[at + 1] !== COLON) return false;
      gap = 0;
      at += 2;
    }
    while ((bytes[at] ?? 0) > SPACE) {
      if (count === 8) return false;
      let group = 0;
      const first = at;
      for (let digit = hexDigit(bytes[at] ?? 0); digit >= 0; digit = hexDigit(bytes[at] ?? 0)) {
        group = (group << 4) | digit;
        at += 1;
      }
      if (bytes[at] === DOT) return this.#ipv4Tail(first, count, gap) && this.#expand(words, place, count + 2, gap);
      if (at === first || at - first > 4) return false;
      groups[count] = group;
      count += 1;
      if (bytes[at] !== COLON) break;
      at += 1;
      if (bytes[at] === COLON) {
        if (gap >= 0) return false;
        gap = count;
        at += 1;
      } else if ((bytes[at] ?? 0) <= SPACE) return false;
    }
    this.at = at;
    return (bytes[at] ?? 0) <= SPACE && this.#expand(words, place, count, gap);
  }

  #ipv4Tail(at: number, count: number, gap: number): boolean {
    if (count > 6 || (count < 6 && gap < 0) || !this.#ipv4(at, this.#words, 0)) return false;
    const octets = this.#octets;
    this.#groups[count] = ((octets[12] ?? 0) << 8) | (octets[13] ?? 0);
    this.#groups[count + 1] = ((octets[14] ?? 0) << 8) | (octets[15] ?? 0);
    return (this.bytes[this.at] ?? 0) <= SPACE;
  }

  /** Puts the zeros of `::` where they belong and stores the four words. */
  #expand(words: Int32Array, place: number, count: number, gap: number): boolean {
    if (gap < 0 ? count !== 8 : count > 7) return false;
    const octets = this.#octets;
    octets.fill(0);
    for (let index = 0; index < count; index += 1) {
      const group = this.#groups[index] ?? 0;
      const to = (gap >= 0 && index >= gap ? index + 8 - count : index) * 2;
      octets[to] = group >>> 8;
      octets[to + 1] = group;
    }
    words.set(this.#words, place);
    return true;
  }
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= 0x39) return byte - ZERO;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
