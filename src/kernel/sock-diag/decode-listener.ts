// One sock_diag answer: struct inet_diag_msg (include/uapi/linux/inet_diag.h). Attributes behind it are not read.
import { isUnspecified, rawAddressText } from '../netlink/raw-address.ts';
import { AF_INET, AF_INET6 } from './listener-request.ts';

/** sizeof(struct inet_diag_msg). */
const MESSAGE_BYTES = 72;

/** A bound socket that waits for others to come. */
export interface Listener {
  readonly port: number;
  /** Canonical text; undefined when bound to every address. */
  readonly address: string | undefined;
  /** idiag_inode: the socket's inode in /proc/<pid>/fd; 0 for a socket of the kernel itself. */
  readonly inode: number;
  /** idiag_uid: who opened it. */
  readonly uid: number;
}

/**
 * Decodes the message in `bytes`, the part after nlmsghdr.
 * @returns undefined when it is too short, of another family, or a socket without a port of its own.
 */
export function decodeListener(bytes: Uint8Array): Listener | undefined {
  if (bytes.length < MESSAGE_BYTES) return undefined;
  const family = bytes[0];
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  const port = ((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0);
  if (port === 0) return undefined;
  const source = bytes.subarray(8, family === AF_INET ? 12 : 24);
  const address = isUnspecified(source) ? undefined : rawAddressText(source);
  return { port, address, uid: hostUint32(bytes, 64), inode: hostUint32(bytes, 68) };
}

/** A little-endian u32 without a DataView per message: nodes have thousands of listeners. */
function hostUint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}
