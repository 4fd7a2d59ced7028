// Addresses as netlink carries them: 4 bytes (IPv4) or 16 (IPv6), network order, to canonical text.
import { formatAddress } from '../../core/model/address.ts';

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;

/** Canonical text of 4 or 16 address bytes; undefined for any other length. */
export function rawAddressText(bytes: Uint8Array): string | undefined {
  if (bytes.length === IPV4_BYTES) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
  return bytes.length === IPV6_BYTES ? formatAddress(bytes) : undefined;
}

/** Whether the bytes are the unspecified address (INADDR_ANY, in6addr_any): bound to every local address. */
export function isUnspecified(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) if (bytes[index] !== 0) return false;
  return true;
}
