// What NAT did to an entry, told from its two tuples: the text has no status word for it.
import {
  type ConntrackEntry,
  IPS_DST_NAT,
  IPS_SRC_NAT,
  ORIG_DESTINATION,
  ORIG_SOURCE,
  REPLY_DESTINATION,
  REPLY_SOURCE,
} from '../model/conntrack-entry.ts';

/** IPS_SRC_NAT and IPS_DST_NAT: set where the REPLY tuple is not simply the ORIGINAL turned round. */
export function natStatus(entry: ConntrackEntry): number {
  const isSnat = entry.replyDestinationPort !== entry.origSourcePort || !isSame(entry, REPLY_DESTINATION, ORIG_SOURCE);
  const isDnat = entry.replySourcePort !== entry.origDestinationPort || !isSame(entry, REPLY_SOURCE, ORIG_DESTINATION);
  return (isSnat ? IPS_SRC_NAT : 0) | (isDnat ? IPS_DST_NAT : 0);
}

function isSame(entry: ConntrackEntry, left: number, right: number): boolean {
  const words = entry.addresses;
  if (words[left + 3] !== words[right + 3]) return false;
  if (entry.isIpv4) return true;
  return words[left] === words[right] && words[left + 1] === words[right + 1] && words[left + 2] === words[right + 2];
}
