// The flows that hold ports of this node from /proc/net/nf_conntrack: for uid 0 without CAP_NET_ADMIN, at three times the cost.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { ConntrackEntry } from '../../core/model/conntrack-entry.ts';
import { FlowTableBuilder } from '../../core/model/flow-table-builder.ts';
import type { FlowTable } from '../../core/model/flow-table.ts';
import type { Gap } from '../../core/model/gap.ts';
import { type EntryCounts, PortHolders } from '../../core/model/port-holders.ts';
import type { Reading } from '../../core/model/reading.ts';
import { ConntrackLine } from '../../core/conntrack-text/conntrack-line.ts';

/** The calling thread's namespace: /proc/net is that of the main thread. */
const PROC_FLOWS = '/proc/thread-self/net/nf_conntrack';
const PROC_COUNT = '/proc/sys/net/netfilter/nf_conntrack_count';

const CHUNK_BYTES = 65_536;
const LINE_FEED = 0x0a;

export interface ProcFlowOptions {
  /** Canonical text; entries that hold a port on them are kept although they are not SNATed. */
  readonly localAddresses: readonly string[];
}

/** A reading of flows with what was seen on the way. */
export interface ProcFlowReading extends Reading<FlowTable> {
  readonly counts: EntryCounts & { readonly kept: number; readonly resent: number; readonly unreadable: number };
}

/** What the text does not carry. */
const WITHOUT_DETAILS: Gap = {
  id: 'flow-details',
  what: 'who closed a connection first, fixed timeouts and ids of conntrack entries',
  why: '/proc/net/nf_conntrack does not carry them',
  weakens: 'verdicts about ports recycled too early',
  remedy: 'sudo portolan diagnose',
};

/** Reads all entries once, synchronously: call it in a worker thread. @returns an empty table with a gap when it may not. */
export function readProcFlows(options: ProcFlowOptions): ProcFlowReading {
  const builder = new FlowTableBuilder(expectedFlows());
  const holders = new PortHolders(builder, options);
  const source = '/proc/net/nf_conntrack';
  let unreadable = 0;
  const gaps: Gap[] = [];
  try {
    unreadable = readInto(holders);
    if (holders.needsSecondPass) {
      holders.beginSecondPass();
      readInto(holders);
    }
    gaps.push(WITHOUT_DETAILS, ...lineGaps(unreadable));
  } catch (error) {
    gaps.push(gapFor(error));
  }
  const counts = { ...holders.counts, kept: builder.count, resent: builder.resent, unreadable };
  return { value: builder.build(), source, complete: false, gaps, counts };
}

function expectedFlows(): number {
  try {
    return Number(readFileSync(PROC_COUNT, 'latin1'));
  } catch {
    return 0;
  }
}

/** @returns how many lines were not understood. */
function readInto(holders: PortHolders): number {
  const fd = openSync(PROC_FLOWS, 'r');
  try {
    return new LineSplitter(holders).readAll((into, offset) => readSync(fd, into, offset, into.length - offset, null));
  } finally {
    closeSync(fd);
  }
}

/** Cuts chunks into lines and shows each to the sieve. */
export class LineSplitter {
  readonly #holders: PortHolders;
  readonly #entry = new ConntrackEntry();
  readonly #line = new ConntrackLine(this.#entry);
  readonly #bytes = new Uint8Array(CHUNK_BYTES);
  #unreadable = 0;

  constructor(holders: PortHolders) {
    this.#holders = holders;
  }

  /** `read` fills the buffer from an offset and says how many bytes came, 0 at the end. @returns lines not understood. */
  readAll(read: (into: Uint8Array, offset: number) => number): number {
    let held = 0;
    for (;;) {
      const length = read(this.#bytes, held);
      if (length <= 0) break;
      held = this.#lines(held + length);
    }
    if (held > 0) this.#unreadable += 1;
    return this.#unreadable;
  }

  /** @returns how many bytes of an unfinished line are left, moved to the front. */
  #lines(length: number): number {
    const bytes = this.#bytes;
    let start = 0;
    for (;;) {
      const stop = bytes.indexOf(LINE_FEED, start);
      if (stop < 0 || stop >= length) break;
      if (this.#line.read(bytes, start, stop)) this.#holders.take(this.#entry);
      else this.#unreadable += 1;
      start = stop + 1;
    }
    if (start === 0 && length === bytes.length) {
      this.#unreadable += 1;
      return 0;
    }
    bytes.copyWithin(0, start, length);
    return length - start;
  }
}

function lineGaps(unreadable: number): readonly Gap[] {
  if (unreadable === 0) return [];
  const weakens = 'counts of ports in use: they are lower bounds';
  return [
    { id: 'decoder', what: 'some lines of /proc/net/nf_conntrack', why: `${unreadable} not understood`, weakens },
  ];
}

function gapFor(error: unknown): Gap {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
  const isAbsent = code === 'ENOENT';
  return {
    id: isAbsent ? 'conntrack-absent' : 'flows',
    what: 'conntrack entries',
    why: isAbsent
      ? 'no nf_conntrack in /proc: module absent or CONFIG_NF_CONNTRACK_PROCFS off'
      : `${code}: ${PROC_FLOWS}`,
    weakens: 'every verdict about ports in use',
    remedy: 'sudo portolan diagnose',
  };
}
