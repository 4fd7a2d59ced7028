// Addresses as iptables prints them, to the texts that the kernel's bytes give.
import { parseAddress } from '../../core/model/address.ts';
import { addressRange, prefixText } from '../../core/nat-rules/address-text.ts';

/** `10.0.0.0/8`, `10.0.0.1`, `10.0.0.0/255.0.255.0`; undefined when it is no address of this family. */
export function prefixOf(text: string, family: 4 | 6): string | undefined {
  const [address = '', length] = text.split('/');
  const bytes = bytesOf(address, family);
  const mask = bytes === undefined ? undefined : maskOf(length, bytes.length * 8, family);
  return bytes === undefined || mask === undefined ? undefined : prefixText(bytes, mask, family);
}

/** Every address from the first to the last, as far as they are few; undefined when the text is not `A` or `A-B`. */
export function addressesOf(text: string, family: 4 | 6): readonly string[] | undefined {
  const [first = '', last = first] = text.split('-');
  const from = bytesOf(first, family);
  const to = bytesOf(last, family);
  return from === undefined || to === undefined ? undefined : addressRange(from, to, family);
}

function bytesOf(text: string, family: 4 | 6): Uint8Array | undefined {
  if (text.includes(':') !== (family === 6)) return undefined;
  const bytes = parseAddress(text);
  return family === 4 ? bytes?.subarray(12) : bytes;
}

function maskOf(text: string | undefined, bits: number, family: 4 | 6): Uint8Array | undefined {
  if (text === undefined) return new Uint8Array(bits / 8).fill(0xff);
  if (!/^\d{1,3}$/.test(text)) return bytesOf(text, family);
  const length = Number(text);
  if (length > bits) return undefined;
  return Uint8Array.from(
    { length: bits / 8 },
    (_, at) => (0xff00 >>> Math.min(8, Math.max(0, length - at * 8))) & 0xff,
  );
}
