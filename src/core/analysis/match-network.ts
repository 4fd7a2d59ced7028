// Whether an address passes a rule's address test: a network as text, perhaps negated. Named sets cannot be told.
import { familyOf, parseAddress } from '../model/address.ts';

/**
 * Whether an address passes the test; undefined when the text is not a network (a named set, a range).
 *
 * @param address 16 bytes (address.ts).
 * @param test CIDR or address, or several with commas; a leading `!` negates.
 */
export function matchNetwork(address: Uint8Array, test: string): boolean | undefined {
  if (!test.startsWith('!')) return isInOne(address, test);
  const inside = isInOne(address, test.slice(1).trim());
  return inside === undefined ? undefined : !inside;
}

function isInOne(address: Uint8Array, networks: string): boolean | undefined {
  const answers = networks.split(',').map((network) => isInside(address, network.trim()));
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

function isInside(address: Uint8Array, network: string): boolean | undefined {
  const [text = '', length] = network.split('/');
  const base = parseAddress(text);
  if (base === undefined) return undefined;
  const shift = familyOf(base) === 4 ? 96 : 0;
  const bits = length === undefined ? 128 : Number(length) + shift;
  if (!(bits >= 0 && bits <= 128)) return undefined;
  if (familyOf(address) !== familyOf(base)) return false;
  for (let bit = 0; bit < bits; bit += 1) {
    const mask = 0x80 >>> (bit & 7);
    if (((address[bit >>> 3] ?? 0) & mask) !== ((base[bit >>> 3] ?? 0) & mask)) return false;
  }
  return true;
}

/** Whether one network holds the whole of another; false when either is negated or not a network. */
export function coversNetwork(outer: string, inner: string): boolean {
  const [base = '', length] = inner.split('/');
  const address = parseAddress(base);
  if (address === undefined || outer.startsWith('!') || matchNetwork(address, outer) !== true) return false;
  const outerLength = outer.split('/')[1];
  return outerLength !== undefined && (length === undefined || Number(length) >= Number(outerLength));
}
