// What an errno of a ctnetlink request means for the reader: permission, no conntrack at all, or something unforeseen.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Gap, GapId } from '../../core/model/gap.ts';
import { EPERM, errnoName } from '../netlink/errno.ts';

const ENOENT = 2;
const EINVAL = 22;
const EPROTONOSUPPORT = 93;
const EOPNOTSUPP = 95;

/** A subsystem that is not there: nfnetlink_rcv_msg (net/netfilter/nfnetlink.c) answers EINVAL, the socket EPROTONOSUPPORT. */
const ABSENT: readonly number[] = [ENOENT, EINVAL, EPROTONOSUPPORT, EOPNOTSUPP];

/** What could not be read, and what that weakens. */
export interface Missing {
  readonly id: GapId;
  readonly what: string;
  readonly weakens: string;
}

/** The gap for a refused request. */
export function gapFor(errno: number, missing: Missing): Gap {
  if (ABSENT.includes(errno)) {
    return {
      id: 'conntrack-absent',
      what: 'connection tracking of this namespace',
      why: `${errnoName(errno)}: the kernel has no ctnetlink (modules nfnetlink, nf_conntrack_netlink)`,
      weakens: missing.weakens,
      remedy: 'modprobe nf_conntrack_netlink',
    };
  }
  if (errno !== EPERM) return { ...missing, why: errnoName(errno) };
  return {
    ...missing,
    why: 'EPERM: needs CAP_NET_ADMIN in the namespace',
    remedy: 'sudo portolan diagnose',
  };
}

/** errno of a failed netlink call; rethrows what is not one. */
export function errnoOf(error: unknown): number {
  const errno = error instanceof PortolanError ? error.facts['errno'] : undefined;
  if (typeof errno === 'number') return errno;
  throw error;
}
