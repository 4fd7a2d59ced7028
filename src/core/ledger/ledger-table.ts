// What the ledger knows, in the form that everything else reads: a FlowTable, and the new flows of a window.
import type { FlowArrivals, NewFlows } from '../model/churn.ts';
import { formatAddress } from '../model/address.ts';
import { FlowTable, allocateFlowTable } from '../model/flow-table.ts';
import { newPortSpaceKey } from '../model/port-space-table.ts';
import type { FlowLedger } from './flow-ledger.ts';
import { FREE } from './ledger-columns.ts';

/** Port spaces listed in the arrivals; flows of further ones count in the total only. */
const ARRIVAL_LIMIT = 65_536;

/** A copy of all flows; the ledger goes on without it. */
export function flowTableOf(ledger: FlowLedger): FlowTable {
  const spaces = usedSpaces(ledger);
  const table = allocateFlowTable(ledger.flowCount, 0, 0);
  const from = ledger.columns;
  let to = 0;
  for (let row = 0; row < ledger.top; row += 1) {
    const space = from.portSpace[row] ?? FREE;
    if (space === FREE) continue;
    table.flows.portSpace[to] = spaces.rows[space] ?? 0;
    table.flows.source[to] = from.source[row] ?? 0;
    table.flows.timeoutSeconds[to] = Math.max(0, (from.timeoutSeconds[row] ?? 0) - ledger.second);
    table.flows.id[to] = from.id[row] ?? 0;
    table.flows.port[to] = from.port[row] ?? 0;
    table.flows.sourcePort[to] = from.sourcePort[row] ?? 0;
    table.flows.tcpState[to] = from.tcpState[row] ?? 0;
    table.flows.status[to] = from.status[row] ?? 0;
    to += 1;
  }
  const addresses = ledger.addresses.bytes.slice(0, ledger.addresses.count * 16);
  return new FlowTable({ ...table, ...spaces.table, addressCount: ledger.addresses.count, addresses });
}

/** Port spaces that some flow is in, and the new row of each old one. */
function usedSpaces(ledger: FlowLedger) {
  const all = ledger.spaces.columns();
  const count = ledger.spaces.count;
  const rows = new Int32Array(count).fill(-1);
  const { portSpaces } = allocateFlowTable(0, count, 0);
  let used = 0;
  for (let row = 0; row < count; row += 1) {
    if (all.flows[row] === 0) continue;
    portSpaces.zone[used] = all.zone[row] ?? 0;
    portSpaces.protocol[used] = all.protocol[row] ?? 0;
    portSpaces.snatAddress[used] = all.snatAddress[row] ?? 0;
    portSpaces.remoteAddress[used] = all.remoteAddress[row] ?? 0;
    portSpaces.remotePort[used] = all.remotePort[row] ?? 0;
    portSpaces.flows[used] = all.flows[row] ?? 0;
    rows[row] = used;
    used += 1;
  }
  return { rows, table: { portSpaceCount: used, portSpaces } };
}

/** What was heard to begin since the tally was emptied, `seconds` ago. */
export function arrivalsOf(
  ledger: FlowLedger,
  window: { readonly seconds: number; readonly began: number; readonly ended: number; readonly lossy: boolean },
): FlowArrivals {
  const portSpaces: NewFlows[] = [];
  const { tally } = ledger;
  let isListed = true;
  for (let space = 0; space < tally.spaces; space += 1) {
    if (tally.began(space) === 0) continue;
    if (portSpaces.length === ARRIVAL_LIMIT) {
      isListed = false;
      break;
    }
    portSpaces.push(newFlowsOf(ledger, space));
  }
  const { seconds, began, ended } = window;
  return { seconds, portSpaces, total: began, ended, lossy: window.lossy || tally.isPartial || !isListed };
}

function newFlowsOf(ledger: FlowLedger, space: number): NewFlows {
  const key = newPortSpaceKey();
  ledger.keyOf(space, key);
  return {
    protocol: key.protocol,
    zone: key.zone,
    snatAddress: addressOf(ledger, key.snatAddress),
    remoteAddress: addressOf(ledger, key.remoteAddress),
    remotePort: key.remotePort,
    count: ledger.tally.began(space),
    lowestPort: ledger.tally.lowestPort(space),
    highestPort: ledger.tally.highestPort(space),
  };
}

/** Canonical text of an address row of the ledger. */
export function addressOf({ addresses }: FlowLedger, row: number): string {
  return formatAddress(addresses.bytes.subarray(row * 16, row * 16 + 16));
}
