// Which parts of the two tuples a text has shown so far, as bits, and which of them an entry cannot do without.
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../model/protocol.ts';

export const SOURCE = 1;
export const DESTINATION = 2;
export const SOURCE_PORT = 4;
export const DESTINATION_PORT = 8;
/** An echo identifier stands for both ports. */
export const ECHO_ID = SOURCE_PORT | DESTINATION_PORT;
export const WHOLE_TUPLE = SOURCE | DESTINATION | SOURCE_PORT | DESTINATION_PORT;
/** The bits of the REPLY tuple lie so much higher. */
export const REPLY_SHIFT = 4;

const ADDRESSES = (SOURCE | DESTINATION) * 0x11;
export const BOTH_TUPLES = 0xff;

/** Whether both tuples are whole: addresses, and ports where the protocol's NAT spends them. */
export function hasWholeTuples(parts: number, protocol: number): boolean {
  const wanted = spendsPorts(protocol) ? BOTH_TUPLES : ADDRESSES;
  return (parts & wanted) === wanted;
}

function spendsPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP || isEchoProtocol(protocol);
}

/** ICMP and ICMPv6: an identifier instead of ports. */
export function isEchoProtocol(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}
