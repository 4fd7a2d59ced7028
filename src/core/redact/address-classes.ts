// What an address says about itself by convention, and how much of it must stay so that it still says so.
import { familyOf, parseAddress } from '../model/address.ts';

interface AddressClass {
  readonly network: Uint8Array;
  /** Bits of the network, counted within the family. */
  readonly length: number;
  /** Bits from which on an address of the class may change; all of them stay where that is the whole address. */
  readonly keptBits: number;
}

const IPV4_BITS = 32;
const IPV6_BITS = 128;
/** IPv4 lies in the last four of 16 bytes. */
const IPV4_START = 96;

/** RFC 1918, 6598, 1122, 3927, 5771, 1112: private and shared networks, and those that name no host of anybody's. */
const IPV4: readonly AddressClass[] = [
  addressClass('10.0.0.0', 8, 8),
  addressClass('172.16.0.0', 12, 12),
  addressClass('192.168.0.0', 16, 16),
  addressClass('100.64.0.0', 10, 10),
  addressClass('0.0.0.0', 8, IPV4_BITS),
  addressClass('127.0.0.0', 8, IPV4_BITS),
  addressClass('169.254.0.0', 16, IPV4_BITS),
  addressClass('224.0.0.0', 3, IPV4_BITS),
];

/** RFC 4193, 4291, 6052. */
const IPV6: readonly AddressClass[] = [
  // The IPv4 address of NAT64 lies in the last 32 bits.
  addressClass('64:ff9b::', 96, 96),
  addressClass('::', 8, IPV6_BITS),
  addressClass('fc00::', 8, 8),
  addressClass('fd00::', 8, 8),
  addressClass('fe80::', 64, 64),
  addressClass('fe80::', 10, IPV6_BITS),
  addressClass('ff00::', 8, IPV6_BITS),
];

function addressClass(network: string, length: number, keptBits: number): AddressClass {
  return { network: parseAddress(network) ?? new Uint8Array(16), length, keptBits };
}

/**
 * How many leading bits of a 16-byte address stay, counted over all 128. A public address keeps those that tell it apart from
 * every class above: changing any later bit cannot turn it into one of them.
 */
export function keptBits(address: Uint8Array): number {
  const [classes, start] = familyOf(address) === 4 ? [IPV4, IPV4_START] : [IPV6, 0];
  let kept = 0;
  for (const { network, length, keptBits: own } of classes) {
    const common = commonBits(address, network) - start;
    if (common >= length) return start + own;
    kept = Math.max(kept, common + 1);
  }
  return start + kept;
}

/** How many leading bits two addresses share. */
function commonBits(left: Uint8Array, right: Uint8Array): number {
  for (let at = 0; at < 16; at += 1) {
    const difference = (left[at] ?? 0) ^ (right[at] ?? 0);
    if (difference !== 0) return at * 8 + Math.clz32(difference) - 24;
  }
  return IPV6_BITS;
}
