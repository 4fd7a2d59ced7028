// Where nf_tables messages come from: the kernel over netlink, or a recording.
import type { NetlinkMessage, NetlinkSocket } from '../netlink/netlink-socket.ts';
import type { DumpRequest } from './nf-tables-message.ts';
import { dumpRequest } from './nf-tables-message.ts';

/** Hands every message of one dump to `visit`. @returns true when the kernel said the dump is not consistent. */
export type NfTablesSource = (
  request: Omit<DumpRequest, 'sequence'>,
  visit: (message: NetlinkMessage) => void,
) => boolean;

/** Dumps over an open NETLINK_NETFILTER socket. */
export function socketSource(socket: NetlinkSocket): NfTablesSource {
  return (request, visit) =>
    socket.dump(dumpRequest({ ...request, sequence: socket.nextSequence() }), 'read the nf_tables ruleset', visit)
      .interrupted;
}
