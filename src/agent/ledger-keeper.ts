// Keeps a ledger of the calling thread's network namespace true: listens first, then dumps, and joins the two, again and again.
import { ClockSteps } from '../core/ledger/clock-steps.ts';
import { FlowLedger, type LedgerOptions } from '../core/ledger/flow-ledger.ts';
import { LedgerSink } from '../core/ledger/ledger-sink.ts';
import type { Gap } from '../core/model/gap.ts';
import { PortHolders } from '../core/model/port-holders.ts';
import { newPortSpaceKey } from '../core/model/port-space-table.ts';
import { SRC_NAT } from '../core/model/flow-status.ts';
import { FREE } from '../core/ledger/ledger-columns.ts';
import { addressOf } from '../core/ledger/ledger-table.ts';
import { type FlowReading, dumpFlows } from '../kernel/conntrack/dump-flows.ts';
import { FlowEvents } from '../kernel/conntrack/flow-events.ts';

export interface KeeperClock {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
}

export interface KeeperOptions extends LedgerOptions {
  /** Canonical text. */
  readonly localAddresses: readonly string[];
  /** SO_RCVBUFFORCE of the event socket. */
  readonly queueBytes?: number;
}

/** What one resync did. */
export interface ResyncReport {
  readonly seconds: number;
  /** Flows the dump showed. */
  readonly flows: number;
  /** Flows that were missing from the ledger, and flows it held too long. */
  readonly found: number;
  readonly vanished: number;
  /** The dump was whole and no event was lost meanwhile: the ledger is what the kernel has. */
  readonly isWhole: boolean;
  /** Present when the kernel refused the dump. */
  readonly refused?: Gap;
}

export class LedgerKeeper {
  readonly ledger: FlowLedger;
  readonly clockSteps = new ClockSteps();
  readonly #clock: KeeperClock;
  readonly #events: FlowEvents;
  readonly #sink: LedgerSink;
  #localAddresses: readonly string[];
  #ownAddresses: readonly string[];
  #holders: PortHolders<LedgerSink>;
  #overrunsCovered = 0;
  #resyncs = 0;
  #isWhole = false;
  #flowGaps: readonly Gap[] = [];

  /** Listens from now on. */
  constructor(options: KeeperOptions, clock: KeeperClock) {
    this.#clock = clock;
    this.ledger = new FlowLedger(options);
    this.#sink = new LedgerSink(this.ledger);
    this.#localAddresses = options.localAddresses;
    this.#ownAddresses = options.localAddresses;
    this.#holders = new PortHolders(this.#sink, { localAddresses: this.#ownAddresses });
    const queue = options.queueBytes === undefined ? {} : { queueBytes: options.queueBytes };
    this.#events = new FlowEvents({ ...queue, ownAddresses: this.#ownAddresses }, (entry, isEnd) => {
      this.#sink.isEnd = isEnd;
      this.#holders.take(entry);
    });
    this.#tick();
  }

  /** Events read so far, and how often some were lost. */
  get events(): Pick<FlowEvents, 'events' | 'overruns' | 'unreadable' | 'isFiltered' | 'gap'> {
    return this.#events;
  }

  /** Resyncs that were finished. */
  get resyncs(): number {
    return this.#resyncs;
  }

  /** No event was lost since the last whole resync. */
  get isCurrent(): boolean {
    return this.#isWhole && this.#events.gap === undefined && this.#events.overruns === this.#overrunsCovered;
  }

  /** What the last dump and the events cannot tell. */
  get gaps(): readonly Gap[] {
    const events = this.#events.gap === undefined ? [] : [this.#events.gap];
    return [...events, ...this.#flowGaps, ...this.#limitGaps()];
  }

  /** Reads the events that wait. @returns how many. */
  drain(): number {
    this.#tick();
    const count = this.#events.drain();
    this.ledger.clearAway();
    return count;
  }

  /** Drops what has run out. @returns flows that may be gone and whose end nobody will announce. */
  ageOut(): number {
    this.#tick();
    return this.ledger.ageOut();
  }

  /** Names the node's addresses anew: flows on others count no longer, events of the new ones are heard. */
  setLocalAddresses(addresses: readonly string[]): void {
    this.#localAddresses = addresses;
    this.#listenFor([...new Set([...addresses, ...this.#snatAddresses()])]);
  }

  /** Dumps the table, events being read meanwhile, and sets the ledger right. Blocks: it belongs in a worker thread. */
  resync(options: { readonly snatOnly?: boolean } = {}): ResyncReport {
    const snatOnly = options.snatOnly ?? false;
    const start = this.#clock.now();
    const before = { ...this.ledger.counts };
    this.drain();
    const overruns = this.#events.overruns;
    this.ledger.beginResync();
    const dump = this.#dump(snatOnly);
    this.drain();
    const refused = dump.gaps.find(({ id }) => id === 'flows' || id === 'conntrack-absent');
    this.#flowGaps = dump.gaps;
    if (refused === undefined) this.ledger.finishResync(dump.value, { isComplete: dump.complete, snatOnly });
    else this.ledger.abandonResync();
    this.#settle({ dump, overruns, refused });
    const { counts } = this.ledger;
    return {
      seconds: (this.#clock.now() - start) / 1000,
      flows: dump.value.flowCount,
      found: counts.found - before.found,
      vanished: counts.vanished - before.vanished,
      isWhole: this.#isWhole && this.#events.overruns === overruns,
      ...(refused === undefined ? {} : { refused }),
    };
  }

  close(): void {
    this.#events.close();
  }

  #dump(snatOnly: boolean): FlowReading {
    return dumpFlows({
      localAddresses: this.#localAddresses,
      between: () => void this.drain(),
      ...(snatOnly ? { only: 'snat' as const } : {}),
    });
  }

  /** Events lost while the dump was read are not made good by it. */
  #settle(ended: { readonly dump: FlowReading; readonly overruns: number; readonly refused: Gap | undefined }): void {
    this.#isWhole = ended.refused === undefined && ended.dump.complete;
    this.#overrunsCovered = ended.overruns;
    if (ended.refused === undefined) {
      this.#resyncs += 1;
      this.#listenFor([...new Set([...this.#localAddresses, ...this.#snatAddresses()])]);
    }
  }

  #listenFor(ownAddresses: readonly string[]): void {
    if (sameSet(ownAddresses, this.#ownAddresses)) return;
    this.#ownAddresses = ownAddresses;
    // The sieve before the filter: what the wider filter lets through must find the wider sieve.
    this.#holders = new PortHolders(this.#sink, { localAddresses: ownAddresses });
    this.#events.filter(ownAddresses);
  }

  /** Addresses that flows leave with: the node answers for them although they need not be local. */
  #snatAddresses(): readonly string[] {
    const { columns, top, spaces } = this.ledger;
    const isSeen = new Uint8Array(spaces.count);
    for (let row = 0; row < top; row += 1) {
      const space = columns.portSpace[row] ?? FREE;
      if (space !== FREE && ((columns.status[row] ?? 0) & SRC_NAT) !== 0) isSeen[space] = 1;
    }
    const key = newPortSpaceKey();
    const rows = new Set<number>();
    for (let space = 0; space < isSeen.length; space += 1) {
      if (isSeen[space] === 0) continue;
      this.ledger.keyOf(space, key);
      rows.add(key.snatAddress);
    }
    return [...rows].map((row) => addressOf(this.ledger, row));
  }

  #limitGaps(): readonly Gap[] {
    const { unlisted } = this.ledger.counts;
    if (unlisted === 0) return [];
    const why = `${unlisted} flows came when the ledger was full`;
    return [
      { id: 'flows-incomplete', what: 'some flows', why, weakens: 'counts of ports in use: they are lower bounds' },
    ];
  }

  #tick(): void {
    const now = this.#clock.now();
    this.ledger.setSecond(Math.floor(now / 1000));
    this.clockSteps.note(now, this.#clock.clock());
  }
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  const known = new Set(left);
  return right.every((text) => known.has(text));
}
