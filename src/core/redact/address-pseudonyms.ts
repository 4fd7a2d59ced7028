// Other addresses in place of the real ones: same family, same class, and two share as many leading bits as the real ones do,
// so that networks, routes and rules still match what they matched (Fan, Xu, Ammar, Moon: "Prefix-preserving IP address
// anonymization", 2004). Whether a bit changes depends on the key and on the bits before it.
import { familyOf, formatAddress, parseAddress } from '../model/address.ts';
import { keptBits } from './address-classes.ts';
import type { KeyedHash } from './keyed-hash.ts';

const BITS = 128;
const MOST_CACHED = 1_000_000;

export class AddressPseudonyms {
  readonly #hash: KeyedHash;
  /** For a prefix of whole bytes: one bit for each node of the tree over the next byte. */
  readonly #flips = new Map<string, Uint8Array>();

  constructor(hash: KeyedHash) {
    this.#hash = hash;
  }

  /** The pseudonym of a 16-byte address. */
  ofBytes(address: Uint8Array): Uint8Array {
    const pseudonym = address.slice(0, 16);
    const family = familyOf(address);
    let prefix = '';
    for (let at = family === 4 ? 12 : 0; at < 16; at += 1) {
      const byte = address[at] ?? 0;
      pseudonym[at] = byte ^ this.#mask(`${family}${prefix}`, { byte, kept: keptBits(address) - at * 8 });
      prefix += `.${byte}`;
    }
    return pseudonym;
  }

  /** Canonical text in, canonical text out; undefined when the text is no address. */
  ofText(text: string): string | undefined {
    const bytes = parseAddress(text);
    return bytes === undefined ? undefined : formatAddress(this.ofBytes(bytes));
  }

  /** `10.244.0.0/16`: the network that holds the pseudonyms of its addresses. Undefined when the text is none. */
  ofNetwork(text: string): string | undefined {
    const match = /^([\da-fA-F:.]+)\/(\d{1,3})$/.exec(text);
    const bytes = parseAddress(match?.[1] ?? '');
    if (match === null || bytes === undefined) return undefined;
    const network = this.ofBytes(bytes);
    const length = Number(match[2]) + (familyOf(bytes) === 4 ? 96 : 0);
    for (let bit = Math.min(length, BITS); bit < BITS; bit += 1)
      network[bit >>> 3] = (network[bit >>> 3] ?? 0) & ~(0x80 >>> (bit & 7));
    return `${formatAddress(network)}/${match[2] ?? ''}`;
  }

  /** Which bits of a byte change. */
  #mask(prefix: string, { byte, kept }: { readonly byte: number; readonly kept: number }): number {
    if (kept >= 8) return 0;
    const flips = this.#flipsAfter(prefix);
    let mask = 0;
    for (let bit = Math.max(0, kept); bit < 8; bit += 1) {
      // The nodes of a tree over one byte, counted from the root: 2^bit of them at each depth.
      const node = (1 << bit) - 1 + (byte >>> (8 - bit));
      if ((((flips[node >>> 3] ?? 0) >>> (node & 7)) & 1) === 1) mask |= 0x80 >>> bit;
    }
    return mask;
  }

  #flipsAfter(prefix: string): Uint8Array {
    const known = this.#flips.get(prefix);
    if (known !== undefined) return known;
    const flips = this.#hash(`address ${prefix}`);
    if (this.#flips.size < MOST_CACHED) this.#flips.set(prefix, flips);
    return flips;
  }
}
