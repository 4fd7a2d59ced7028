// `src=10.244.0.5 dst=203.0.113.9 sport=1000 dport=443`, as nearly every tuple of a table is written: read in one go. Any other
// tuple is read word by word.

const SPACE = 0x20;
const DOT = 0x2e;
const ZERO = 0x30;
const EQUALS = 0x3d;
const LOWER_C = 0x63;
const LOWER_D = 0x64;
const LOWER_O = 0x6f;
const LOWER_P = 0x70;
const LOWER_R = 0x72;
const LOWER_S = 0x73;
const LOWER_T = 0x74;

/** One tuple; overwritten by each `read`. Addresses as words in memory order. */
export class PlainTuple {
  source = 0;
  destination = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** Behind what was read last. */
  #at = 0;
  #value = 0;

  /** Reads the tuple at `start`. @returns the place of the space behind it, or -1 when it is not exactly one. */
  read(bytes: Uint8Array, start: number): number {
    if (bytes[start + 1] !== LOWER_R || bytes[start + 2] !== LOWER_C || bytes[start + 3] !== EQUALS) return -1;
    if (!this.#isIpv4(bytes, start + 4)) return -1;
    this.source = this.#value;
    let at = this.#at;
    if (bytes[at] !== LOWER_D || bytes[at + 1] !== LOWER_S || bytes[at + 2] !== LOWER_T) return -1;
    if (bytes[at + 3] !== EQUALS || !this.#isIpv4(bytes, at + 4)) return -1;
    this.destination = this.#value;
    at = this.#at;
    if (bytes[at] !== LOWER_S || !this.#isPort(bytes, at + 1)) return -1;
    this.sourcePort = this.#value;
    at = this.#at;
    if (bytes[at] !== LOWER_D || !this.#isPort(bytes, at + 1)) return -1;
    this.destinationPort = this.#value;
    return this.#at - 1;
  }

  /** Dotted, and a space. */
  #isIpv4(bytes: Uint8Array, start: number): boolean {
    let at = start;
    let word = 0;
    for (let octets = 1; ; octets += 1) {
      let octet = (bytes[at] ?? 0) - ZERO;
      if (octet >>> 0 > 9) return false;
      at += 1;
      let digit = (bytes[at] ?? 0) - ZERO;
      while (digit >>> 0 <= 9 && octet < 256) {
        octet = octet * 10 + digit;
        at += 1;
        digit = (bytes[at] ?? 0) - ZERO;
      }
      if (octet > 255) return false;
      word = (word >>> 8) | (octet << 24);
      at += 1;
      if (octets === 4) {
        this.#at = at;
        this.#value = word;
        return digit === SPACE - ZERO;
      }
      if (digit !== DOT - ZERO) return false;
    }
  }

  /** `port=`, a number, a space. */
  #isPort(bytes: Uint8Array, start: number): boolean {
    if (bytes[start] !== LOWER_P || bytes[start + 1] !== LOWER_O || bytes[start + 2] !== LOWER_R) return false;
    if (bytes[start + 3] !== LOWER_T || bytes[start + 4] !== EQUALS) return false;
    let at = start + 5;
    let port = (bytes[at] ?? 0) - ZERO;
    if (port >>> 0 > 9) return false;
    at += 1;
    let digit = (bytes[at] ?? 0) - ZERO;
    while (digit >>> 0 <= 9 && port < 65_536) {
      port = port * 10 + digit;
      at += 1;
      digit = (bytes[at] ?? 0) - ZERO;
    }
    this.#at = at + 1;
    this.#value = port;
    return digit === SPACE - ZERO && port < 65_536;
  }
}
