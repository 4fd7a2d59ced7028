// An address as rtnetlink and nf_tables carry it: 4 or 16 bytes and its address family number.
import { familyOf, parseAddress } from '../../core/model/address.ts';

export const AF_INET = 2;
export const AF_INET6 = 10;

export interface PackedAddress {
  /** AF_INET or AF_INET6. */
  readonly family: number;
  /** 4 or 16 bytes, network order. */
  readonly bytes: Uint8Array;
}

/** Packs address text. Errors: TypeError when it is no address. */
export function packAddress(text: string): PackedAddress {
  const bytes = parseAddress(text);
  if (bytes === undefined) throw new TypeError(`Cannot pack address: "${text}", wanted IPv4 or IPv6 text`);
  return familyOf(bytes) === 4 ? { family: AF_INET, bytes: bytes.slice(12) } : { family: AF_INET6, bytes };
}
