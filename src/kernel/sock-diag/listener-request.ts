// Asks sock_diag for bound sockets: struct inet_diag_req_v2 (include/uapi/linux/inet_diag.h).
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/netlink-socket.ts';

/** SOCK_DIAG_BY_FAMILY (include/uapi/linux/sock_diag.h): type of the request and of every answer. */
const SOCK_DIAG_BY_FAMILY = 20;

export const AF_INET = 2;
export const AF_INET6 = 10;

/** TCP_LISTEN (include/net/tcp_states.h); SCTP uses the same number (SCTP_SS_LISTENING). */
export const TCP_LISTEN = 10;

/** TCP_CLOSE: the state of a UDP socket that is bound and not connected. */
export const TCP_CLOSE = 7;

const REQUEST_BYTES = 56;

export interface ListenerRequest {
  /** AF_INET or AF_INET6. */
  readonly family: number;
  /** IPPROTO_*. */
  readonly protocol: number;
  /** The one socket state wanted. */
  readonly state: number;
}

/** One dump request, ready to send. */
export function listenerRequest(request: ListenerRequest, sequence: number): Uint8Array {
  const body = new Uint8Array(REQUEST_BYTES);
  body[0] = request.family;
  body[1] = request.protocol;
  // idiag_states is a bit mask by state number, host (little) endian, at offset 4.
  new DataView(body.buffer).setUint32(4, 1 << request.state, true);
  return new MessageWriter(128)
    .begin(SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, sequence)
    .raw(body)
    .end().bytes;
}
