// Addresses and prefixes of rules as text.
import { formatAddress } from '../model/address.ts';

const MAX_LISTED = 256;

/** Dotted IPv4 for up to 4 bytes (the missing ones are zero), IPv6 for up to 16. */
export function addressText(bytes: Uint8Array, family: 4 | 6): string {
  const whole = new Uint8Array(16);
  if (family === 6) {
    whole.set(bytes.subarray(0, 16));
    // An IPv4-mapped IPv6 address is printed as IPv4 by formatAddress: the same address.
    return formatAddress(whole);
  }
  return [bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0, bytes[3] ?? 0].join('.');
}

/** How many leading bits a mask sets; undefined when it has a hole. */
export function prefixLength(mask: Uint8Array): number | undefined {
  let bits = 0;
  let ended = false;
  for (const byte of mask) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const set = ((byte >>> bit) & 1) === 1;
      if (set && ended) return undefined;
      if (set) bits += 1;
      else ended = true;
    }
  }
  return bits;
}

/** `10.0.0.0/8`; `10.0.0.0/0x...` never appears: a mask with holes is written `address&mask`. */
export function prefixText(address: Uint8Array, mask: Uint8Array, family: 4 | 6): string {
  const length = prefixLength(mask);
  const text = addressText(address, family);
  return length === undefined ? `${text}&${addressText(mask, family)}` : `${text}/${length}`;
}

/** Every address from `first` to `last` when they are few (IPv4), else `first-last` as one text. */
export function addressRange(first: Uint8Array, last: Uint8Array, family: 4 | 6): readonly string[] {
  const from = addressText(first, family);
  const to = addressText(last, family);
  if (from === to) return [from];
  const start = ipv4Number(first);
  const count = ipv4Number(last) - start + 1;
  if (family === 6 || count < 1 || count > MAX_LISTED) return [`${from}-${to}`];
  return Array.from({ length: count }, (_, index) => ipv4Text(start + index));
}

function ipv4Number(bytes: Uint8Array): number {
  return (((bytes[0] ?? 0) << 24) | ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)) >>> 0;
}

function ipv4Text(value: number): string {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff].join('.');
}
