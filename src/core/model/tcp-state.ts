// enum tcp_conntrack (include/uapi/linux/netfilter/nf_conntrack_tcp.h), carried by CTA_PROTOINFO_TCP_STATE.

export const TCP_STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
] as const;

export type TcpState = (typeof TCP_STATES)[number];

export const SYN_SENT = 1;

export const ESTABLISHED = 3;
export const FIN_WAIT = 4;
export const CLOSE_WAIT = 5;
export const LAST_ACK = 6;
export const TIME_WAIT = 7;
export const CLOSE = 8;

/** The state's name, `NONE` for a number this kernel enum does not have. */
export function tcpStateName(state: number): TcpState {
  return TCP_STATES[state] ?? 'NONE';
}

/** Whether nf_nat_used_tuple_harder may take an entry in this state over (state >= TCP_CONNTRACK_TIME_WAIT, kernel >= 6.5). */
export function isClosing(state: number): boolean {
  return state >= TIME_WAIT;
}
