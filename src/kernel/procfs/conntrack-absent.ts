// The gap of a namespace whose kernel shows no conntrack at all.
import type { Gap } from '../../core/model/gap.ts';
import { readProcFile } from './proc-file.ts';

/** Whether net.netfilter.nf_conntrack_count is there: conntrack is loaded and shows itself to this namespace. */
export function hasConntrack(): boolean {
  return readProcFile('/proc/sys/net/netfilter/nf_conntrack_count') !== undefined;
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
