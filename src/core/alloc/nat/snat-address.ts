// Which of several SNAT addresses a flow gets, as the kernel hashes it: not the least used one.
// Source: find_best_ips_proto in net/netfilter/nf_nat_core.c, jhash2 in include/linux/jhash.h (Bob Jenkins' lookup3, public domain).
import type { AddressChoice, NewFlow } from './nat-translation.ts';

const JHASH_INITVAL = 0xdeadbeef;
/** An address is hashed as the four words of `union nf_inet_addr`, of which IPv4 fills the first. */
const WORDS = 4;

/**
 * Number of the address, 0 <= it < addresses.
 *
 * With IPv4 addresses as a little-endian node reads them from the packet (10.0.0.1 is 0x0100000a), in zone 0, this is the very
 * choice of the kernel; with other numbers it is one as even and as constant.
 */
export function hashedAddress(
  { source, remote }: Pick<NewFlow, 'source' | 'remote'>,
  { addresses, choice }: { readonly addresses: number; readonly choice: Exclude<AddressChoice, 'random'> },
): number {
  if (addresses === 1) return 0;
  const hash = hashAddress(source, choice === 'persistent' ? 0 : remote);
  // reciprocal_scale: the hash as a share of all hashes.
  return Math.floor((hash * addresses) / 2 ** 32);
}

/** jhash2 of `{address, 0, 0, 0}`. */
function hashAddress(address: number, seed: number): number {
  const start = (JHASH_INITVAL + WORDS * 4 + seed) | 0;
  return finalMix(mix([(start + address) | 0, start, start]));
}

type Triple = readonly [number, number, number];

/** __jhash_mix. */
function mix([a, b, c]: Triple): Triple {
  let [x, y, z] = [a, b, c];
  for (const [first, second, third] of [
    [4, 6, 8],
    [16, 19, 4],
  ] as const) {
    x = (x - z) ^ rotate(z, first);
    z = (z + y) | 0;
    y = (y - x) ^ rotate(x, second);
    x = (x + z) | 0;
    z = (z - y) ^ rotate(y, third);
    y = (y + x) | 0;
  }
  return [x, y, z];
}

/** __jhash_final: the third word, unsigned. */
function finalMix([a, b, c]: Triple): number {
  let [x, y, z] = [a, b, c];
  z = ((z ^ y) - rotate(y, 14)) | 0;
  x = ((x ^ z) - rotate(z, 11)) | 0;
  y = ((y ^ x) - rotate(x, 25)) | 0;
  z = ((z ^ y) - rotate(y, 16)) | 0;
  x = ((x ^ z) - rotate(z, 4)) | 0;
  y = ((y ^ x) - rotate(x, 14)) | 0;
  z = ((z ^ y) - rotate(y, 24)) | 0;
  return z >>> 0;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
