// One snapshot of the flows that hold ports of this node, by a ctnetlink dump of the calling thread's network namespace.
import type { FlowTable } from '../../core/model/flow-table.ts';
import { FlowTableBuilder } from '../../core/model/flow-table-builder.ts';
import type { Gap } from '../../core/model/gap.ts';
import { type EntryCounts, type EntrySelection, PortHolders } from '../../core/model/port-holders.ts';
import type { Reading } from '../../core/model/reading.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NETLINK_NETFILTER, NLM_F_DUMP, NLM_F_REQUEST, NetlinkSocket } from '../netlink/netlink-socket.ts';
import { errnoOf, gapFor } from './conntrack-gap.ts';
import { CTA_STATUS, CTA_STATUS_MASK, IPCTNL_MSG_CT_GET } from './ctnetlink.ts';
import { type DumpFaults, DumpReader } from './dump-reader.ts';
import { readTableUse } from './table-use.ts';

const IPS_SRC_NAT = 0x10;

/** After so many ENOBUFS in a row the dump is given up. */
const OVERRUN_LIMIT = 16;

const FLOWS_MISSING = { id: 'flows', what: 'conntrack entries', weakens: 'every verdict about ports in use' } as const;

export interface DumpOptions {
  /** Canonical text; entries that hold a port on them are kept although they are not SNATed. */
  readonly localAddresses: readonly string[];
  /** Asks the kernel for SNATed entries, or for the others; what an old kernel sends besides is left out. */
  readonly only?: Exclude<EntrySelection, undefined>;
  /** Called between the answers of the dump, so that events need not wait for its end. */
  readonly between?: () => void;
}

/** A reading of flows with what was seen on the way. */
export interface FlowReading extends Reading<FlowTable> {
  readonly counts: EntryCounts & { readonly kept: number; readonly resent: number };
  readonly faults: DumpFaults;
}

/**
 * Reads all conntrack entries once, synchronously, with constant memory besides the table: call it in a worker thread.
 * @returns an empty table with a gap when the kernel refuses. Errors: PTL_LIBC, PTL_NETLINK only for what is no refusal.
 */
export function dumpFlows(options: DumpOptions): FlowReading {
  const builder = new FlowTableBuilder(expectedFlows());
  const holders = new PortHolders(builder, options);
  const reader = new DumpReader(holders);
  const refused = dumpInto(reader, options);
  if (refused === undefined && holders.needsSecondPass) {
    holders.beginSecondPass();
    reader.restart();
    dumpInto(reader, { ...options, only: 'not-snat' });
  }
  const gaps = refused === undefined ? faultGaps(reader.faults) : [refused];
  const counts = { ...holders.counts, kept: builder.count, resent: builder.resent };
  const source = 'ctnetlink dump';
  return { value: builder.build(), source, complete: gaps.length === 0, gaps, counts, faults: reader.faults };
}

function expectedFlows(): number {
  return readTableUse().value.count;
}

/** @returns a gap when the kernel refused the dump. */
function dumpInto(reader: DumpReader, { only, between }: Pick<DumpOptions, 'only' | 'between'>): Gap | undefined {
  let errno = 0;
  try {
    const socket = new NetlinkSocket(NETLINK_NETFILTER);
    try {
      socket.send(dumpRequest(only));
      receiveAll(socket, reader, between);
      errno = reader.errno;
    } finally {
      socket.close();
    }
  } catch (error) {
    errno = errnoOf(error);
  }
  return errno === 0 ? undefined : gapFor(errno, FLOWS_MISSING);
}

function receiveAll(socket: NetlinkSocket, reader: DumpReader, between: (() => void) | undefined): void {
  while (!reader.ended) {
    const length = socket.receive(reader.bytes);
    if (length === 'overrun') {
      if (reader.overrun() >= OVERRUN_LIMIT) return;
    } else if (length === 0) {
      // The receive timeout: an end that never comes is a dump cut short.
      reader.overrun();
      return;
    } else {
      reader.read(length);
    }
    between?.();
  }
}

/** IPCTNL_MSG_CT_GET with NLM_F_DUMP; CTA_STATUS and its mask filter where the kernel knows them (5.15 or so). */
function dumpRequest(only: EntrySelection): Uint8Array {
  const writer = new MessageWriter(64).begin(IPCTNL_MSG_CT_GET, NLM_F_REQUEST | NLM_F_DUMP, 1).nfgen(0);
  if (only !== undefined) {
    writer.be32(CTA_STATUS, only === 'snat' ? IPS_SRC_NAT : 0).be32(CTA_STATUS_MASK, IPS_SRC_NAT);
  }
  return writer.end().bytes;
}

/** Gaps for a dump that was read but not whole. */
export function faultGaps(faults: DumpFaults): readonly Gap[] {
  const gaps: Gap[] = [];
  const lost = faults.interrupted + faults.overruns + faults.cutShort;
  if (lost > 0) {
    gaps.push({
      id: 'flows-incomplete',
      what: 'some conntrack entries',
      why: `${faults.interrupted} interrupted, ${faults.overruns} overrun, ${faults.cutShort} cut short answers of the dump`,
      weakens: 'counts of ports in use: they are lower bounds',
      remedy: 'measure again',
    });
  }
  const unread = faults.truncated + faults.unreadable + faults.unknown;
  if (unread > 0) {
    gaps.push({
      id: 'decoder',
      what: 'some conntrack messages',
      why: `${faults.truncated} attributes cut short, ${faults.unreadable} messages without tuples, ${faults.unknown} of unknown type`,
      weakens: 'counts of ports in use: they are lower bounds',
    });
  }
  return gaps;
}
