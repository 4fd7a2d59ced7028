// A sysctl that is not there can mean that conntrack is not there. Whoever has read flows by netlink knows better.
import type { Gap } from '../core/model/gap.ts';

/**
 * The gaps of a namespace whose conntrack answered by netlink: none of them may say that conntrack is absent. What was
 * missed is a sysctl or a counter: /proc is not mounted, as in a chroot, or hidden from this user namespace.
 */
export function settleAbsence(gaps: readonly Gap[]): readonly Gap[] {
  return gaps.map((gap) => (gap.id === 'conntrack-absent' ? unseenSettings(gap) : gap));
}

function unseenSettings({ what }: Gap): Gap {
  return {
    id: 'sysctls',
    what: shortened(what),
    why: 'not readable: /proc is not mounted here, or hidden from this user namespace',
    weakens: 'how long ports are held after their connection, and which ports the host itself uses',
  };
}

/** Without /proc every sysctl is missing; a list of all their names would bury the rest. */
function shortened(names: string): string {
  const [first = '', ...others] = names.split(', ');
  return others.length < 3 ? names : `${first} and ${others.length} more sysctls`;
}
