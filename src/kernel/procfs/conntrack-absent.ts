// The gap of a namespace whose kernel shows no conntrack at all.
import { existsSync } from 'node:fs';
import type { Gap } from '../../core/model/gap.ts';

/** Whether net.netfilter.nf_conntrack_count is there, readable or not: conntrack is loaded and shows itself to this namespace. */
export function hasConntrack(): boolean {
  return existsSync('/proc/sys/net/netfilter/nf_conntrack_count');
}

/** The gap for whatever needed conntrack; `what` in a person's words. */
export function conntrackAbsent(what: string): Gap {
  return {
    id: 'conntrack-absent',
    what,
    why: 'net.netfilter.nf_conntrack_count is not there: nf_conntrack is not loaded, or hidden from this user namespace',
    weakens: 'everything: without conntrack the kernel translates no address',
    remedy: 'modprobe nf_conntrack',
  };
}
