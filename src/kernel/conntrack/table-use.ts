// How full the conntrack table is, by IPCTNL_MSG_CT_GET_STATS: the same numbers as nf_conntrack_count and nf_conntrack_max.
import type { TableUse } from '../../core/model/node-facts.ts';
import type { Reading } from '../../core/model/reading.ts';
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { NLM_F_ACK } from '../netlink/netlink-socket.ts';
import {
  CTA_STATS_GLOBAL_ENTRIES,
  CTA_STATS_GLOBAL_MAX_ENTRIES,
  IPCTNL_MSG_CT_GET_STATS,
  NFGENMSG_BYTES,
} from './ctnetlink.ts';
import { requestStats } from './stats-request.ts';

/** Entries of the calling thread's network namespace and the limit. Zeros come with a gap. */
export function readTableUse(): Reading<TableUse> {
  const use = { count: 0, max: 0 };
  return requestStats(use, { type: IPCTNL_MSG_CT_GET_STATS, flags: NLM_F_ACK }, (message) => {
    const attributes = new AttributeReader(message.bytes, message.start + NFGENMSG_BYTES, message.stop);
    while (attributes.next()) {
      if (attributes.type === CTA_STATS_GLOBAL_ENTRIES) use.count = attributes.be32();
      if (attributes.type === CTA_STATS_GLOBAL_MAX_ENTRIES) use.max = attributes.be32();
    }
  });
}
