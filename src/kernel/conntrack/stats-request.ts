// Asks ctnetlink for one kind of statistics and turns a refusal into a gap.
import type { Reading } from '../../core/model/reading.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NETLINK_NETFILTER, NLM_F_REQUEST, type NetlinkMessage, NetlinkSocket } from '../netlink/netlink-socket.ts';
import { errnoOf, gapFor } from './conntrack-gap.ts';

const MISSING = {
  id: 'counters',
  what: 'conntrack counters and table use by netlink',
  weakens: 'losses and how full the table is',
} as const;

/** Sends the request; `visit` fills `value`, which is returned as it is when the kernel refuses. */
export function requestStats<Value>(
  value: Value,
  request: { readonly type: number; readonly flags: number },
  visit: (message: NetlinkMessage) => void,
): Reading<Value> {
  const source = 'ctnetlink statistics';
  try {
    const socket = new NetlinkSocket(NETLINK_NETFILTER);
    try {
      const writer = new MessageWriter(64)
        .begin(request.type, NLM_F_REQUEST | request.flags, 1)
        .nfgen(0)
        .end();
      const { interrupted } = socket.dump(writer.bytes, 'read conntrack statistics', visit);
      const gaps = interrupted ? [{ ...MISSING, why: 'the answer was cut short' }] : [];
      return { value, source, complete: !interrupted, gaps };
    } finally {
      socket.close();
    }
  } catch (error) {
    return { value, source, complete: false, gaps: [gapFor(errnoOf(error), MISSING)] };
  }
}
