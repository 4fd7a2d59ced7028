// Who holds which ports of one port space, in full: what someone sees who opens a destination and then a source.
import { INBOUND } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import type { Port } from '../model/port-range.ts';
import { PortSet } from '../model/port-set.ts';
import type { PortSpace } from '../model/port-space.ts';
import { TCP, protocolName } from '../model/protocol.ts';
import { isClosing, tcpStateName } from '../model/tcp-state.ts';

/** The ports of one source; for flows that the remote opened, the source is the remote. */
export interface SourceHolding {
  /** Canonical text. */
  readonly address: string;
  readonly ports: number;
  /** Those of them in TIME_WAIT or CLOSE. */
  readonly closing: number;
  /** Opened from outside towards this node. */
  readonly isInbound: boolean;
}

export interface HeldPort {
  readonly port: Port;
  /** The source's own port before translation. */
  readonly sourcePort: Port;
  /** TCP state name, or `UDP` etc. */
  readonly state: string;
  /** Seconds until the entry expires if nothing renews it. */
  readonly timeoutSeconds: number;
}

/** One port space of one snapshot; a port counts once even when a dump repeats its entry. */
export class SpaceHolding {
  /** Also ports outside the range. */
  readonly occupied = new PortSet();
  /** Most ports first. */
  readonly sources: readonly SourceHolding[];
  readonly #flows: FlowTable;
  readonly #protocol: number;
  readonly #rowsOf: ReadonlyMap<string, readonly number[]>;

  constructor(flows: FlowTable, space: PortSpace) {
    this.#flows = flows;
    this.#protocol = space.protocol;
    const bySource = this.#group(flows.flowRowsOf(space.index));
    const named = [...bySource].map(([row, rows]) => ({ address: flows.address(row), rows }));
    this.#rowsOf = new Map(named.map(({ address, rows }) => [address, rows]));
    this.sources = named
      .map(({ address, rows }) => this.#count(address, rows))
      .toSorted((left, right) => right.ports - left.ports || (left.address < right.address ? -1 : 1));
  }

  /** How many ports are held. */
  get ports(): number {
    return this.sources.reduce((sum, { ports }) => sum + ports, 0);
  }

  /** The ports of one source, ascending; none when it holds none. */
  portsOf(address: string): readonly HeldPort[] {
    return (this.#rowsOf.get(address) ?? [])
      .map((row) => this.#heldPort(row))
      .toSorted((left, right) => left.port - right.port);
  }

  /** The same as a set. */
  occupiedBy(address: string): PortSet {
    const ports = new PortSet();
    for (const row of this.#rowsOf.get(address) ?? []) ports.add(this.#flows.flows.port[row] ?? 0);
    return ports;
  }

  /** Rows by address row of their source. */
  #group(rows: Uint32Array): Map<number, number[]> {
    const { port, source } = this.#flows.flows;
    const bySource = new Map<number, number[]>();
    for (const row of rows) {
      if (this.occupied.has(port[row] ?? 0)) continue;
      this.occupied.add(port[row] ?? 0);
      const known = bySource.get(source[row] ?? 0);
      if (known === undefined) bySource.set(source[row] ?? 0, [row]);
      else known.push(row);
    }
    return bySource;
  }

  #count(address: string, rows: readonly number[]): SourceHolding {
    const { status, tcpState } = this.#flows.flows;
    const isTcp = this.#protocol === TCP;
    const closing = isTcp ? rows.filter((row) => isClosing(tcpState[row] ?? 0)).length : 0;
    const isInbound = rows.every((row) => ((status[row] ?? 0) & INBOUND) !== 0);
    return { address, ports: rows.length, closing, isInbound };
  }

  #heldPort(row: number): HeldPort {
    const { port, sourcePort, tcpState, timeoutSeconds } = this.#flows.flows;
    const isTcp = this.#protocol === TCP;
    return {
      port: port[row] ?? 0,
      sourcePort: sourcePort[row] ?? 0,
      state: isTcp ? tcpStateName(tcpState[row] ?? 0) : protocolName(this.#protocol).toUpperCase(),
      timeoutSeconds: timeoutSeconds[row] ?? 0,
    };
  }
}
