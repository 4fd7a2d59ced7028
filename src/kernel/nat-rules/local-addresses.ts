// The addresses that packets to this node carry, for rules that take ports of them.
import { networkInterfaces } from 'node:os';
import { parseAddress } from '../../core/model/address.ts';

/** The addresses of the calling thread's network namespace (getifaddrs), 16 bytes each. */
export function localAddresses(): readonly Uint8Array[] {
  const texts = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  return texts.flatMap((text) => parseAddress(text) ?? []);
}
