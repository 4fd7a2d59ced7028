// Whether a rule's destination test lets through packets to the node itself.
import { parseAddress } from '../model/address.ts';

/** Sets, negations and ranges may hold a local address: only a prefix without any is surely elsewhere. */
export function mayBeLocal(destination: string | undefined, local: readonly Uint8Array[]): boolean {
  const prefix = parsePrefix(destination ?? '');
  return prefix === undefined || local.some((address) => holds(prefix, address));
}

/** The one address a test names; undefined for prefixes, sets, negations and no test. */
export function singleAddress(destination: string | undefined): string | undefined {
  const prefix = parsePrefix(destination ?? '');
  return prefix?.bits === 128 ? prefix.text : undefined;
}

interface Prefix {
  readonly text: string;
  readonly address: Uint8Array;
  /** Of the 16-byte form: 128 is one address. */
  readonly bits: number;
}

function parsePrefix(text: string): Prefix | undefined {
  if (text === '' || text.startsWith('!') || text.startsWith('@') || text.startsWith('a set')) return undefined;
  const [address, length] = text.split('/');
  const bytes = address === undefined || length === undefined ? undefined : parseAddress(address);
  if (bytes === undefined || address === undefined) return undefined;
  return { text: address, address: bytes, bits: Number(length) + (address.includes(':') ? 0 : 96) };
}

function holds(prefix: Prefix, address: Uint8Array): boolean {
  for (let bit = 0; bit < prefix.bits; bit += 1) {
    const mask = 0x80 >>> (bit & 7);
    const at = bit >>> 3;
    if (((address[at] ?? 0) & mask) !== ((prefix.address[at] ?? 0) & mask)) return false;
  }
  return true;
}
