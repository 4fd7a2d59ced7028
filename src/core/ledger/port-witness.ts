// Who held a port at a moment: among the flows that are there, and among those remembered.
import { INBOUND, SRC_NAT } from '../model/flow-status.ts';
import { newPortSpaceKey } from '../model/port-space-table.ts';
import type { HeldPort } from './flow-history.ts';
import type { FlowLedger } from './flow-ledger.ts';
import { FREE } from './ledger-columns.ts';
import { addressOf } from './ledger-table.ts';

export interface PortWitness {
  readonly port: number;
  /** The latest to begin first. */
  readonly holders: readonly HeldPort[];
  /** Flows that ended at or before this second may be forgotten: an empty answer says nothing then. */
  readonly forgottenUntilSeconds?: number;
}

/** The SNATed flows that held a port at a second of the ledger's clock. */
export function holdersOf(ledger: FlowLedger, { port, atSeconds }: { port: number; atSeconds: number }): PortWitness {
  const holders = [...livingHolders(ledger, { port, atSeconds }), ...ledger.history.holdersOf(port, atSeconds)];
  const forgotten = ledger.history.forgottenUntilSeconds;
  return {
    port,
    holders: holders.toSorted((left, right) => right.fromSeconds - left.fromSeconds),
    ...(forgotten === undefined || forgotten < atSeconds ? {} : { forgottenUntilSeconds: forgotten }),
  };
}

function livingHolders(ledger: FlowLedger, { port, atSeconds }: { port: number; atSeconds: number }): HeldPort[] {
  const { columns } = ledger;
  const found: HeldPort[] = [];
  for (let row = 0; row < ledger.top; row += 1) {
    if (columns.port[row] !== port || columns.portSpace[row] === FREE) continue;
    if (((columns.status[row] ?? 0) & (SRC_NAT | INBOUND)) !== SRC_NAT) continue;
    // One that was there before anyone listened may have held the port all along.
    if ((columns.since[row] ?? 0) > atSeconds && columns.heard[row] === 1) continue;
    found.push(holderOf(ledger, row));
  }
  return found;
}

function holderOf(ledger: FlowLedger, row: number): HeldPort {
  const { columns } = ledger;
  const key = newPortSpaceKey();
  ledger.keyOf(columns.portSpace[row] ?? 0, key);
  return {
    protocol: key.protocol,
    zone: key.zone,
    snatAddress: addressOf(ledger, key.snatAddress),
    port: columns.port[row] ?? 0,
    remoteAddress: addressOf(ledger, key.remoteAddress),
    remotePort: key.remotePort,
    source: addressOf(ledger, columns.source[row] ?? 0),
    sourcePort: columns.sourcePort[row] ?? 0,
    fromSeconds: columns.since[row] ?? 0,
    beganExactly: columns.heard[row] === 1,
    endedExactly: false,
  };
}
