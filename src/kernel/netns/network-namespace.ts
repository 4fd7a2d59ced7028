// Moves the calling THREAD between network namespaces; sockets it opens afterwards belong there. Used only in worker
// threads and lab processes: in the main thread libuv's pool would stay behind.
import { closeSync, openSync } from 'node:fs';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { errnoName } from '../netlink/errno.ts';
import { lastErrno, libc } from '../netlink/libc.ts';

const CLONE_NEWNET = 0x40000000;

/** How a namespace is named: an open file descriptor of this process, or a path such as /run/netns/x or /proc/1/ns/net. */
export type NetnsReference = number | string;

/** Gives this thread a new, empty namespace. @returns an open descriptor that keeps it alive. Errors: PTL_NETNS. */
export function createNetns(): number {
  if (libc().unshare(CLONE_NEWNET) !== 0) throw refused('create a network namespace');
  return openSync('/proc/thread-self/ns/net', 'r');
}

/** Moves this thread into a namespace. Errors: PTL_NETNS. */
export function enterNetns(reference: NetnsReference): void {
  const fd = typeof reference === 'number' ? reference : openNetns(reference);
  try {
    if (libc().setns(fd, CLONE_NEWNET) !== 0) throw refused(`enter network namespace ${reference}`);
  } finally {
    if (typeof reference === 'string') closeSync(fd);
  }
}

function openNetns(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new PortolanError(
      'PTL_NETNS',
      `Cannot open network namespace ${path}: not readable, wanted a namespace file`,
      { cause },
    );
  }
}

function refused(action: string): PortolanError {
  const name = errnoName(lastErrno());
  // setns(2) answers EINVAL for a descriptor that is no namespace, or none of that kind.
  const wanted = name === 'EINVAL' ? 'a network namespace file' : 'CAP_SYS_ADMIN in its user namespace';
  return new PortolanError('PTL_NETNS', `Cannot ${action}: ${name}, wanted ${wanted}`, {
    facts: { errnoName: name },
  });
}
