// The name of a TCP state in bytes, without making a string of it.
import { TCP_STATES } from '../model/tcp-state.ts';

/** `LISTEN` is what libnetfilter_conntrack called state 9 before SYN_SENT2 took its number. */
const STATES: ReadonlyMap<number, number> = new Map([
  ...TCP_STATES.map((name, state) => [sumOfText(name), state] as const),
  [sumOfText('LISTEN'), TCP_STATES.indexOf('SYN_SENT2')],
]);

/** TCP_CONNTRACK_* of the word between two places; undefined for an unknown one. The sums of all names differ. */
export function tcpStateOf(bytes: Uint8Array, start: number, stop: number): number | undefined {
  let sum = 0;
  for (let at = start; at < stop; at += 1) sum = (Math.imul(sum, 31) + (bytes[at] ?? 0)) | 0;
  return STATES.get(sum);
}

function sumOfText(name: string): number {
  let sum = 0;
  for (let at = 0; at < name.length; at += 1) sum = (Math.imul(sum, 31) + name.charCodeAt(at)) | 0;
  return sum;
}
