// Counts flows that begin per port space, and those that end, entry by entry: what listeners to events have in common.
import { AddressTable } from './address-table.ts';
import { formatAddress } from './address.ts';
import type { FlowArrivals, NewFlows } from './churn.ts';
import { type ConntrackEntry, IPS_SRC_NAT, REPLY_DESTINATION, REPLY_SOURCE } from './conntrack-entry.ts';
import type { PortSpaceColumns } from './flow-table.ts';
import { PortSpaceTable, newPortSpaceKey } from './port-space-table.ts';
import { isCharted } from './protocol.ts';

/** Port spaces listed; events of further ones count in the total only. */
const PORT_SPACE_LIMIT = 65_536;

/** SNATed flows only; the others spend no port that is searched for. */
export class ArrivalCounter {
  readonly limit: number;
  readonly #addresses = new AddressTable();
  readonly #portSpaces: PortSpaceTable;
  readonly #key = newPortSpaceKey();
  #lowestPort = new Uint16Array(64);
  #highestPort = new Uint16Array(64);
  #total = 0;
  #ended = 0;
  #unlisted = 0;

  constructor(limit = PORT_SPACE_LIMIT) {
    this.limit = limit;
    this.#portSpaces = new PortSpaceTable(limit);
  }

  /** Beginnings in port spaces beyond the limit. */
  get unlisted(): number {
    return this.#unlisted;
  }

  /** A NEW event; the entry is not kept by reference. */
  begin(entry: ConntrackEntry): void {
    if (!isCounted(entry)) return;
    this.#total += 1;
    const row = this.#rowOf(entry);
    if (row < 0) this.#unlisted += 1;
    else this.#notePort(row, entry.replyDestinationPort);
  }

  /** A DESTROY event. */
  end(entry: ConntrackEntry): void {
    if (isCounted(entry)) this.#ended += 1;
  }

  /** All that was counted in a window of `seconds`; `lostSome` when events went by unseen. */
  arrivals(seconds: number, lostSome: boolean): FlowArrivals {
    const columns = this.#portSpaces.columns();
    const portSpaces = Array.from({ length: this.#portSpaces.count }, (_, row) => this.#newFlows(row, columns));
    const lossy = lostSome || this.#unlisted > 0;
    return { seconds, portSpaces, total: this.#total, ended: this.#ended, lossy };
  }

  #rowOf(entry: ConntrackEntry): number {
    const key = this.#key;
    if (this.#isFull && !this.#isKnown(entry)) return -1;
    key.zone = entry.replyZone;
    key.protocol = entry.protocol;
    key.snatAddress = this.#addressRow(entry, REPLY_DESTINATION);
    key.remoteAddress = this.#addressRow(entry, REPLY_SOURCE);
    key.remotePort = entry.replySourcePort;
    return this.#portSpaces.rowOf(key);
  }

  get #isFull(): boolean {
    return this.#portSpaces.count >= this.limit;
  }

  /** Beyond the limit no address is added either, so memory stays bounded. */
  #isKnown(entry: ConntrackEntry): boolean {
    const words = entry.addresses;
    const table = this.#addresses;
    if (!entry.isIpv4) return table.has(words, REPLY_DESTINATION) && table.has(words, REPLY_SOURCE);
    return table.hasIpv4(words[REPLY_DESTINATION + 3] ?? 0) && table.hasIpv4(words[REPLY_SOURCE + 3] ?? 0);
  }

  #addressRow(entry: ConntrackEntry, at: number): number {
    const addresses = this.#addresses;
    return entry.isIpv4 ? addresses.rowOfIpv4(entry.addresses[at + 3] ?? 0) : addresses.rowOf(entry.addresses, at);
  }

  #notePort(row: number, port: number): void {
    if (row >= this.#lowestPort.length) {
      this.#lowestPort = doubled(this.#lowestPort);
      this.#highestPort = doubled(this.#highestPort);
    }
    const isFirst = this.#portSpaces.flowsOf(row) === 1;
    if (isFirst || port < (this.#lowestPort[row] ?? 0)) this.#lowestPort[row] = port;
    if (isFirst || port > (this.#highestPort[row] ?? 0)) this.#highestPort[row] = port;
  }

  #newFlows(row: number, columns: PortSpaceColumns): NewFlows {
    const { zone, protocol, snatAddress, remoteAddress, remotePort, flows } = columns;
    return {
      protocol: protocol[row] ?? 0,
      snatAddress: this.#text(snatAddress[row] ?? 0),
      remoteAddress: this.#text(remoteAddress[row] ?? 0),
      remotePort: remotePort[row] ?? 0,
      zone: zone[row] ?? 0,
      count: flows[row] ?? 0,
      lowestPort: this.#lowestPort[row] ?? 0,
      highestPort: this.#highestPort[row] ?? 0,
    };
  }

  #text(row: number): string {
    return formatAddress(this.#addresses.bytes.subarray(row * 16, row * 16 + 16));
  }
}

function isCounted({ status, protocol }: ConntrackEntry): boolean {
  return (status & IPS_SRC_NAT) !== 0 && isCharted(protocol);
}

function doubled(old: Uint16Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const grown = new Uint16Array(old.length * 2);
  grown.set(old);
  return grown;
}
