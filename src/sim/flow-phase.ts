// How far a simulated flow is; decides what its timer means and what a dump would show of it.

// 0: nobody has the place.

/** No entry: the SYN was dropped, and the client waits to send the next one. */
export const WAITING = 1;
/** SYN_SENT at a remote that does not answer; the client still hopes. */
export const UNANSWERED = 2;
/** The same after the client gave up. */
export const ABANDONED = 3;
/** ESTABLISHED. */
export const OPEN = 4;
/** ESTABLISHED, but nobody is there any more. */
export const VANISHED = 5;
/** TIME_WAIT, closed by the client. */
export const TIME_WAIT_CLIENT = 6;
/** TIME_WAIT, closed by the server first: it holds TIME_WAIT itself. */
export const TIME_WAIT_SERVER = 7;
/** CLOSE, after a reset. */
export const RESET = 8;
/** A UDP flow without a stream's timeout. */
export const DATAGRAM = 9;
/** A UDP flow that went on for more than 2 s and was answered (nf_conntrack_udp_timeout_stream). */
export const STREAM = 10;

/** Whether an entry exists and holds a port. */
export function holdsPort(phase: number): boolean {
  return phase > WAITING;
}
