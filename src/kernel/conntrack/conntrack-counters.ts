// Conntrack's own counters by IPCTNL_MSG_CT_GET_STATS_CPU, one message per CPU, summed.
import type { ConntrackCounters } from '../../core/model/counters.ts';
import type { Reading } from '../../core/model/reading.ts';
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { NLM_F_DUMP } from '../netlink/netlink-socket.ts';
import * as ct from './ctnetlink.ts';
import { requestStats } from './stats-request.ts';

type Counter = keyof ConntrackCounters;

/** CTA_STATS_CHAIN_TOOLONG exists from 5.15 or so: it stays undefined when no CPU sends it. */
const COUNTERS: ReadonlyMap<number, Counter> = new Map([
  [ct.CTA_STATS_FOUND, 'found'],
  [ct.CTA_STATS_INVALID, 'invalid'],
  [ct.CTA_STATS_INSERT_FAILED, 'insertFailed'],
  [ct.CTA_STATS_DROP, 'drop'],
  [ct.CTA_STATS_EARLY_DROP, 'earlyDrop'],
  [ct.CTA_STATS_CLASH_RESOLVE, 'clashResolve'],
  [ct.CTA_STATS_CHAIN_TOOLONG, 'chainTooLong'],
]);

type Sums = { -readonly [Name in keyof ConntrackCounters]: ConntrackCounters[Name] };

/** Counters of the calling thread's network namespace; each per-CPU value is a u32 that wraps. Zeros come with a gap. */
export function readConntrackCounters(): Reading<ConntrackCounters> {
  const sums: Sums = { found: 0, invalid: 0, insertFailed: 0, drop: 0, earlyDrop: 0, clashResolve: 0 };
  return requestStats(sums, { type: ct.IPCTNL_MSG_CT_GET_STATS_CPU, flags: NLM_F_DUMP }, (message) => {
    const attributes = new AttributeReader(message.bytes, message.start + ct.NFGENMSG_BYTES, message.stop);
    while (attributes.next()) {
      const counter = COUNTERS.get(attributes.type);
      if (counter !== undefined) sums[counter] = (sums[counter] ?? 0) + attributes.be32();
    }
  });
}
