// All flows of one snapshot in typed-array columns: 22 bytes a flow, no object per flow.
// A port space and an address are rows in small side tables; a flow refers to them by row.
import { formatAddress } from './address.ts';
import type { PortSpace } from './port-space.ts';

/** One value per flow; all columns have the same length. */
export interface FlowColumns {
  /** Row in PortSpaceColumns. */
  readonly portSpace: Uint32Array;
  /** Row in the address table: who opened the flow (ORIGINAL tuple's source); for an INBOUND flow the remote itself. */
  readonly source: Uint32Array;
  /** CTA_TIMEOUT, seconds until the entry expires as of the snapshot. */
  readonly timeoutSeconds: Uint32Array;
  /** CTA_ID, stable for the life of the entry. */
  readonly id: Uint32Array;
  /** The port held on the SNAT address: REPLY destination port (ORIGINAL destination port when INBOUND); echo id for ICMP. */
  readonly port: Uint16Array;
  /** The source's own port before translation: ORIGINAL source port. */
  readonly sourcePort: Uint16Array;
  /** CTA_PROTOINFO_TCP_STATE (tcp-state.ts); 0 for other protocols. */
  readonly tcpState: Uint8Array;
  /** Bits of flow-status.ts. */
  readonly status: Uint8Array;
}

/** One value per port space; a row's key never repeats. */
export interface PortSpaceColumns {
  readonly zone: Uint16Array;
  readonly protocol: Uint8Array;
  /** Row in the address table. */
  readonly snatAddress: Uint32Array;
  /** Row in the address table. */
  readonly remoteAddress: Uint32Array;
  readonly remotePort: Uint16Array;
  /** How many flows refer to this row. */
  readonly flows: Uint32Array;
}

/** What crosses threads: plain columns, every buffer transferable. Capacity may exceed the counts. */
export interface FlowTableData {
  readonly flowCount: number;
  readonly flows: FlowColumns;
  readonly portSpaceCount: number;
  readonly portSpaces: PortSpaceColumns;
  readonly addressCount: number;
  /** 16 bytes an address (address.ts). */
  readonly addresses: Uint8Array;
}

/** Read access to one snapshot's flows. */
export class FlowTable {
  readonly flowCount: number;
  readonly flows: FlowColumns;
  readonly portSpaceCount: number;
  readonly portSpaces: PortSpaceColumns;
  readonly addressCount: number;
  readonly addresses: Uint8Array;

  constructor(data: FlowTableData) {
    this.flowCount = data.flowCount;
    this.flows = data.flows;
    this.portSpaceCount = data.portSpaceCount;
    this.portSpaces = data.portSpaces;
    this.addressCount = data.addressCount;
    this.addresses = data.addresses;
  }

  /** Canonical text of an address row. */
  address(row: number): string {
    return formatAddress(this.addresses.subarray(row * 16, row * 16 + 16));
  }

  /** One port space by row. */
  portSpace(row: number): PortSpace {
    const { zone, protocol, snatAddress, remoteAddress, remotePort, flows } = this.portSpaces;
    return {
      index: row,
      zone: zone[row] ?? 0,
      protocol: protocol[row] ?? 0,
      snatAddress: this.address(snatAddress[row] ?? 0),
      remoteAddress: this.address(remoteAddress[row] ?? 0),
      remotePort: remotePort[row] ?? 0,
      flows: flows[row] ?? 0,
    };
  }

  /** Rows of the flows of one port space, ascending; one pass over one column. */
  flowRowsOf(portSpaceRow: number): Uint32Array {
    const rows = new Uint32Array(this.portSpaces.flows[portSpaceRow] ?? 0);
    let found = 0;
    for (let row = 0; row < this.flowCount && found < rows.length; row += 1) {
      if (this.flows.portSpace[row] === portSpaceRow) rows[found++] = row;
    }
    return rows.subarray(0, found);
  }
}

/** A table without a flow: what a reader returns that saw none. */
export function emptyFlowTable(): FlowTable {
  return new FlowTable(allocateFlowTable(0, 0, 0));
}

/** Zeroed columns with room for the given counts (the counts themselves are set to them). */
export function allocateFlowTable(flowCount: number, portSpaceCount: number, addressCount: number): FlowTableData {
  return {
    flowCount,
    flows: {
      portSpace: new Uint32Array(flowCount),
      source: new Uint32Array(flowCount),
      timeoutSeconds: new Uint32Array(flowCount),
      id: new Uint32Array(flowCount),
      port: new Uint16Array(flowCount),
      sourcePort: new Uint16Array(flowCount),
      tcpState: new Uint8Array(flowCount),
      status: new Uint8Array(flowCount),
    },
    portSpaceCount,
    portSpaces: {
      zone: new Uint16Array(portSpaceCount),
      protocol: new Uint8Array(portSpaceCount),
      snatAddress: new Uint32Array(portSpaceCount),
      remoteAddress: new Uint32Array(portSpaceCount),
      remotePort: new Uint16Array(portSpaceCount),
      flows: new Uint32Array(portSpaceCount),
    },
    addressCount,
    addresses: new Uint8Array(addressCount * 16),
  };
}
