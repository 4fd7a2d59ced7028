// Which of a node's port spaces deserve a port map: those with a real share of their range, and the fullest few in any case.
import type { FlowTable } from '../model/flow-table.ts';

/** So many are charted even when all are nearly empty. */
const ALWAYS = 8;

/** More are never charted; the rest stay counted. A chart costs about 1 ms. */
const MOST = 256;

/** Rows of the port spaces to chart, fullest first. `worthwhile` is the number of flows from which a space of a protocol counts. */
export function selectSpaces(flows: FlowTable, worthwhile: (protocol: number) => number): readonly number[] {
  const { flows: counts, protocol } = flows.portSpaces;
  const chosen: number[] = [];
  const fullest: number[] = [];
  const order = (left: number, right: number): number =>
    (counts[right] ?? 0) - (counts[left] ?? 0) || compareKeys(flows, left, right);
  for (let row = 0; row < flows.portSpaceCount; row += 1) {
    if ((counts[row] ?? 0) >= worthwhile(protocol[row] ?? 0)) chosen.push(row);
    else insertFullest(fullest, row, order);
  }
  return [...chosen, ...fullest].toSorted(order).slice(0, MOST);
}

function insertFullest(fullest: number[], row: number, order: (left: number, right: number) => number): void {
  const last = fullest[ALWAYS - 1];
  if (last !== undefined && order(last, row) <= 0) return;
  fullest.push(row);
  fullest.sort(order);
  if (fullest.length > ALWAYS) fullest.pop();
}

/** Orders port spaces by what they are, so that the order of the table does not show in the answer. */
function compareKeys(flows: FlowTable, left: number, right: number): number {
  const { protocol, remotePort, remoteAddress, snatAddress, zone } = flows.portSpaces;
  for (const column of [protocol, remotePort, zone]) {
    const difference = (column[left] ?? 0) - (column[right] ?? 0);
    if (difference !== 0) return difference;
  }
  return (
    compareAddresses(flows, remoteAddress[left] ?? 0, remoteAddress[right] ?? 0) ||
    compareAddresses(flows, snatAddress[left] ?? 0, snatAddress[right] ?? 0)
  );
}

function compareAddresses(flows: FlowTable, left: number, right: number): number {
  for (let byte = 0; byte < 16; byte += 1) {
    const difference = (flows.addresses[left * 16 + byte] ?? 0) - (flows.addresses[right * 16 + byte] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
