// Reads a conntrack table that someone wrote down: `conntrack -L` in any output but events, /proc/net/nf_conntrack, several of
// them in one input, with what shells add. Bytes in, columns out; no object and no regular expression per entry.
import { ConntrackLine } from '../../core/conntrack-text/conntrack-line.ts';
import { ConntrackEntry } from '../../core/model/conntrack-entry.ts';
import { FlowTableBuilder } from '../../core/model/flow-table-builder.ts';
import type { FlowTable } from '../../core/model/flow-table.ts';
import { type EntryCounts, PortHolders } from '../../core/model/port-holders.ts';
import type { Reading } from '../../core/model/reading.ts';
import { findNotice } from './conntrack-notice.ts';
import { kindOfLine } from './flow-text-kind.ts';
import { flowTextGaps } from './flow-text-gaps.ts';
import { type FlowTextSeen, nothingSeen } from './flow-text-seen.ts';
import { PassedOverFlows } from './passed-over-flows.ts';
import { SaveLine } from './save-line.ts';
import { TextLines } from './text-lines.ts';
import { type XmlFlow, XmlFlows } from './xml-flows.ts';

const SPACE = 0x20;
const LESS = 0x3c;
const NOTHING = new Uint8Array(0);
/** Bytes of an entry in the shortest usual output. */
const ENTRY_BYTES = 150;

export interface FlowTextOptions {
  /** Canonical text; entries that hold a port on them are kept although not SNATed. Without, SNAT addresses are taken for local. */
  readonly localAddresses?: readonly string[];
  /** How long the input is, where known: makes room for its flows at once. */
  readonly expectedBytes?: number;
  /** What the reading calls its source; `conntrack text` when not given. */
  readonly source?: string;
}

/** A reading of flows with what was seen on the way. */
export interface FlowTextReading extends Reading<FlowTable> {
  readonly counts: EntryCounts & { readonly kept: number; readonly resent: number };
  readonly seen: FlowTextSeen;
}

/** Reads one input: any number of `write`, then `end` once. Neither throws on any bytes. */
export class FlowTextReader {
  readonly #options: FlowTextOptions;
  readonly #builder: FlowTableBuilder;
  readonly #holders: PortHolders;
  readonly #passedOver = new PassedOverFlows();
  readonly #entry = new ConntrackEntry();
  readonly #line = new ConntrackLine(this.#entry);
  readonly #saveLine = new SaveLine(this.#entry);
  readonly #xml = new XmlFlows(this.#entry, (flow) => this.#takeXml(flow));
  readonly #lines: TextLines;
  readonly #seen = nothingSeen();
  /** The front of an entry that conntrack's own notice tore apart. */
  #torn: Uint8Array = NOTHING;

  constructor(options: FlowTextOptions = {}) {
    this.#options = options;
    this.#builder = new FlowTableBuilder((options.expectedBytes ?? 0) / ENTRY_BYTES);
    this.#holders = new PortHolders(this.#builder, { localAddresses: options.localAddresses ?? [] });
    this.#lines = new TextLines({
      line: (bytes, start, stop) => this.#read(bytes, start, stop),
      cutLine: (bytes, stop) => this.#readCut(bytes, stop),
      tooLong: () => this.#skip(),
    });
  }

  /** Takes the next chunk; it is not kept by reference. */
  write(bytes: Uint8Array): void {
    this.#lines.write(bytes);
  }

  /** The table; the reader must not be used afterwards. Never complete: text lacks details, which a gap names. */
  end(): FlowTextReading {
    this.#lines.end();
    if (this.#torn.length > 0 || (this.#seen.xml > 0 && !this.#xml.hasEnded)) this.#seen.isCut = true;
    if (this.#holders.needsSecondPass) {
      this.#holders.beginSecondPass();
      this.#passedOver.replay((entry) => this.#holders.take(entry));
    }
    this.#seen.forgotten = this.#passedOver.lost;
    const { counts } = this.#holders;
    const gaps = flowTextGaps(this.#seen, { ...counts, knowsLocal: this.#options.localAddresses !== undefined });
    return {
      value: this.#builder.build(),
      source: this.#options.source ?? 'conntrack text',
      complete: gaps.length === 0,
      gaps,
      counts: { ...counts, kept: this.#builder.count, resent: this.#builder.resent },
      seen: this.#seen,
    };
  }

  #read(bytes: Uint8Array, start: number, stop: number): void {
    this.#seen.lines += 1;
    if (this.#torn.length > 0) this.#readMended(bytes, start, stop);
    else if (this.#line.read(bytes, start, stop)) this.#takeListed();
    else this.#readOther(bytes, start, stop);
  }

  #takeListed(): void {
    this.#seen.listed += 1;
    if (this.#entry.id !== 0) this.#seen.withId += 1;
    this.#take();
  }

  #take(): void {
    const { counts } = this.#holders;
    const before = counts.forwarded;
    this.#holders.take(this.#entry);
    if (counts.forwarded !== before) this.#passedOver.add(this.#entry);
  }

  #takeXml(flow: XmlFlow): void {
    if (flow === 'unreadable') return this.#unreadable();
    this.#seen.xml += 1;
    if (flow === 'echo') this.#seen.withoutEchoId += 1;
    else this.#take();
  }

  /** What is no line of a list. */
  #readOther(bytes: Uint8Array, start: number, stop: number): void {
    let first = start;
    while (first < stop && (bytes[first] ?? 0) <= SPACE) first += 1;
    if (first === stop) return;
    if (SaveLine.starts(bytes, first, stop) && this.#saveLine.read(bytes, first, stop)) return this.#takeSaved();
    const notice = findNotice(bytes, first, stop);
    if (notice !== undefined) {
      if (notice.entries !== undefined) this.#seen.announced = (this.#seen.announced ?? 0) + notice.entries;
      this.#torn = bytes.slice(first, notice.start);
    } else if (bytes[first] === LESS || this.#xml.isInFlow) this.#xml.read(bytes, first, stop);
    else this.#classify(bytes, first, stop);
  }

  #takeSaved(): void {
    this.#seen.saved += 1;
    this.#take();
  }

  #classify(bytes: Uint8Array, start: number, stop: number): void {
    const kind = kindOfLine(bytes, start, stop);
    if (kind === 'flows' || kind === 'flows-save') this.#unreadable();
    else if (kind === 'events') this.#seen.events += 1;
    else if (kind === 'expectations') this.#seen.expectations += 1;
    else this.#seen.otherLines += 1;
  }

  #unreadable(): void {
    this.#seen.unreadable += 1;
    if (this.#seen.firstUnreadableLine === 0) this.#seen.firstUnreadableLine = this.#seen.lines;
  }

  #readMended(bytes: Uint8Array, start: number, stop: number): void {
    const mended = this.#mend(bytes, start, stop);
    if (this.#line.read(mended, 0, mended.length)) this.#takeListed();
    else this.#readOther(mended, 0, mended.length);
  }

  #mend(bytes: Uint8Array, start: number, stop: number): Uint8Array {
    const mended = new Uint8Array(this.#torn.length + stop - start);
    mended.set(this.#torn);
    mended.set(bytes.subarray(start, stop), this.#torn.length);
    this.#torn = NOTHING;
    return mended;
  }

  /** The last line without a line feed: taken when it says all, as text that was pasted does. */
  #readCut(bytes: Uint8Array, stop: number): void {
    this.#seen.lines += 1;
    const line = this.#torn.length > 0 ? this.#mend(bytes, 0, stop) : bytes.subarray(0, stop);
    if (this.#line.read(line, 0, line.length)) {
      if (!this.#line.hasUse) this.#seen.isCut = true;
      else {
        // Its last digits may be missing, and an id that is wrong is worse than none.
        this.#entry.id = 0;
        this.#takeListed();
      }
      return;
    }
    const kind = kindOfLine(line, 0, line.length);
    if (kind === 'flows' || kind === 'flows-save') this.#seen.isCut = true;
    else this.#readOther(line, 0, line.length);
  }

  #skip(): void {
    this.#seen.lines += 1;
    this.#seen.tooLong += 1;
    this.#torn = NOTHING;
    this.#xml.skip();
    this.#unreadable();
  }
}
