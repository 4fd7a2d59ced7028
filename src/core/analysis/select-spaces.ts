// Which of a node's port spaces get a port map: those with a real share of their range, and the fullest in any case.
import type { FlowTable } from '../model/flow-table.ts';

/** So many are charted even when all are nearly empty. */
const ALWAYS = 32;

/** More are never charted; the rest stay counted. A chart costs about 1 ms. */
const MOST = 256;

/** Rows of the port spaces to chart, fullest first. `worthwhile` is the number of flows from which a space of a protocol counts. */
export function selectSpaces(flows: FlowTable, worthwhile: (protocol: number) => number): readonly number[] {
  const { flows: counts, protocol } = flows.portSpaces;
  const byFullness = fullnessOrder(flows);
  const chosen: number[] = [];
  const fullest: number[] = [];
  for (let row = 0; row < flows.portSpaceCount; row += 1) {
    if ((counts[row] ?? 0) >= worthwhile(protocol[row] ?? 0)) {
      chosen.push(row);
      continue;
    }
    const last = fullest[ALWAYS - 1];
    if (last !== undefined && byFullness(last, row) <= 0) continue;
    fullest.push(row);
    fullest.sort(byFullness);
    fullest.splice(ALWAYS);
  }
  return [...chosen, ...fullest].toSorted(byFullness).slice(0, MOST);
}

type RowOrder = (left: number, right: number) => number;

/** Fullest first; equally full ones by what they are, so that the order of the table does not show in the answer. */
function fullnessOrder(flows: FlowTable): RowOrder {
  const { flows: counts, protocol, remotePort, zone, remoteAddress, snatAddress } = flows.portSpaces;
  const byAddress = addressOrder(flows);
  return (left, right) =>
    (counts[right] ?? 0) - (counts[left] ?? 0) ||
    (protocol[left] ?? 0) - (protocol[right] ?? 0) ||
    (remotePort[left] ?? 0) - (remotePort[right] ?? 0) ||
    (zone[left] ?? 0) - (zone[right] ?? 0) ||
    byAddress(remoteAddress[left] ?? 0, remoteAddress[right] ?? 0) ||
    byAddress(snatAddress[left] ?? 0, snatAddress[right] ?? 0);
}

function addressOrder({ addresses }: FlowTable): RowOrder {
  return (left, right) => {
    for (let byte = 0; byte < 16; byte += 1) {
      const difference = (addresses[left * 16 + byte] ?? 0) - (addresses[right * 16 + byte] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}
