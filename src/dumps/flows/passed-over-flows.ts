// Entries without SNAT that hold no port of an address known so far, kept in columns until all SNAT addresses are known: a text
// comes once, and an address may show itself as the node's only after entries of its own went by. 31 bytes an entry.
import { AddressTable } from '../../core/model/address-table.ts';
import {
  ConntrackEntry,
  ORIG_DESTINATION,
  ORIG_SOURCE,
  REPLY_DESTINATION,
  REPLY_SOURCE,
} from '../../core/model/conntrack-entry.ts';

const BLOCK_ROWS = 16_384;
/** Beyond these entries are only counted. */
const MOST_ROWS = 1_048_576;

interface Block {
  /** ORIGINAL source, ORIGINAL destination, REPLY source: without SNAT the REPLY destination is the ORIGINAL source. */
  readonly addresses: Uint32Array;
  /** The same three. */
  readonly ports: Uint16Array;
  readonly zones: Uint16Array;
  /** Status, timeout, id. */
  readonly numbers: Int32Array;
  /** Protocol and TCP state, the upper half set for IPv6. */
  readonly kinds: Uint16Array;
}

/** Keeps entries and shows them again. */
export class PassedOverFlows {
  readonly #addresses = new AddressTable();
  readonly #blocks: Block[] = [];
  #count = 0;
  #lost = 0;

  /** Entries that went by when there was no more room. */
  get lost(): number {
    return this.#lost;
  }

  /** Keeps a copy of an entry that is not SNATed. */
  add(entry: ConntrackEntry): void {
    if (this.#count >= MOST_ROWS) {
      this.#lost += 1;
      return;
    }
    const row = this.#count % BLOCK_ROWS;
    if (row === 0) this.#blocks.push(newBlock());
    const block = this.#blocks.at(-1);
    if (block === undefined) return;
    this.#count += 1;
    this.#store(entry, block, row);
  }

  #store(entry: ConntrackEntry, block: Block, row: number): void {
    const { addresses, ports, zones, numbers, kinds } = block;
    addresses[row * 3] = this.#rowOf(entry, ORIG_SOURCE);
    addresses[row * 3 + 1] = this.#rowOf(entry, ORIG_DESTINATION);
    addresses[row * 3 + 2] = this.#rowOf(entry, REPLY_SOURCE);
    ports[row * 3] = entry.origSourcePort;
    ports[row * 3 + 1] = entry.origDestinationPort;
    ports[row * 3 + 2] = entry.replySourcePort;
    zones[row * 2] = entry.origZone;
    zones[row * 2 + 1] = entry.replyZone;
    numbers[row * 3] = entry.status;
    numbers[row * 3 + 1] = entry.timeoutSeconds;
    numbers[row * 3 + 2] = entry.id;
    kinds[row] = entry.protocol | (entry.tcpState << 8) | (entry.isIpv4 ? 0 : 0x8000);
  }

  #rowOf(entry: ConntrackEntry, at: number): number {
    const words = entry.addresses;
    return entry.isIpv4 ? this.#addresses.rowOfIpv4(words[at + 3] ?? 0) : this.#addresses.rowOf(words, at);
  }

  /** Shows every kept entry once, in order; the same object each time. */
  replay(show: (entry: ConntrackEntry) => void): void {
    const entry = new ConntrackEntry();
    const words = new Int32Array(this.#addresses.bytes.buffer);
    for (let index = 0; index < this.#count; index += 1) {
      const block = this.#blocks[Math.floor(index / BLOCK_ROWS)];
      if (block === undefined) return;
      load(block, index % BLOCK_ROWS, { entry, words });
      show(entry);
    }
  }
}

function newBlock(): Block {
  return {
    addresses: new Uint32Array(BLOCK_ROWS * 3),
    ports: new Uint16Array(BLOCK_ROWS * 3),
    zones: new Uint16Array(BLOCK_ROWS * 2),
    numbers: new Int32Array(BLOCK_ROWS * 3),
    kinds: new Uint16Array(BLOCK_ROWS),
  };
}

function load(block: Block, row: number, into: { readonly entry: ConntrackEntry; readonly words: Int32Array }): void {
  const { addresses, ports, zones, numbers, kinds } = block;
  const { entry } = into;
  const kind = kinds[row] ?? 0;
  entry.isIpv4 = (kind & 0x8000) === 0;
  entry.protocol = kind & 0xff;
  entry.tcpState = (kind >>> 8) & 0x7f;
  copyAddress(addresses[row * 3] ?? 0, ORIG_SOURCE, into);
  copyAddress(addresses[row * 3 + 1] ?? 0, ORIG_DESTINATION, into);
  copyAddress(addresses[row * 3 + 2] ?? 0, REPLY_SOURCE, into);
  copyAddress(addresses[row * 3] ?? 0, REPLY_DESTINATION, into);
  entry.origSourcePort = ports[row * 3] ?? 0;
  entry.origDestinationPort = ports[row * 3 + 1] ?? 0;
  entry.replySourcePort = ports[row * 3 + 2] ?? 0;
  entry.replyDestinationPort = entry.origSourcePort;
  entry.origZone = zones[row * 2] ?? 0;
  entry.replyZone = zones[row * 2 + 1] ?? 0;
  entry.status = numbers[row * 3] ?? 0;
  entry.timeoutSeconds = numbers[row * 3 + 1] ?? 0;
  entry.id = numbers[row * 3 + 2] ?? 0;
}

function copyAddress(
  row: number,
  place: number,
  { entry, words }: { readonly entry: ConntrackEntry; readonly words: Int32Array },
): void {
  entry.addresses.set(words.subarray(row * 4, row * 4 + 4), place);
}
