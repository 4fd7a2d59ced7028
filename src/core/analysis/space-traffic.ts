// What one port space's SNATed flows tell about the rule that took them: sources, remote, ports.
import { DST_NAT, INBOUND, SRC_NAT } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import type { PortSpace } from '../model/port-space.ts';
import type { RangeWitness } from './effective-range.ts';
import type { EgressTraffic } from './egress-traffic.ts';

const MOST_WITNESSES = 4096;

/** The ports the SNATed flows among these rows hold, an even sample. */
export function portWitness(flows: FlowTable, rows: Uint32Array): RangeWitness {
  const { port, sourcePort } = flows.flows;
  const stride = Math.ceil(rows.length / MOST_WITNESSES) || 1;
  const chosen = rows.filter((row, index) => index % stride === 0 && isTranslated(flows, row));
  let kept = 0;
  for (const row of chosen) if (port[row] === sourcePort[row]) kept += 1;
  return { ports: Uint16Array.from(chosen, (row) => port[row] ?? 0), kept };
}

/** Who opened the SNATed flows of a port space, and towards what. */
export function spaceTraffic(
  flows: FlowTable,
  { space, rows }: { readonly space: PortSpace; readonly rows: Uint32Array },
): EgressTraffic {
  const { source, status } = flows.flows;
  const counts = new Map<number, number>();
  let [redirected, all] = [0, 0];
  for (const row of rows) {
    if (!isTranslated(flows, row)) continue;
    all += 1;
    if (((status[row] ?? 0) & DST_NAT) !== 0) redirected += 1;
    const address = source[row] ?? 0;
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  const { snatAddress, remoteAddress } = flows.portSpaces;
  return {
    sources: [...counts].map(([row, count]) => ({ address: bytesOf(flows, row), flows: count })),
    remote: { address: bytesOf(flows, remoteAddress[space.index] ?? 0), port: space.remotePort },
    snatAddress: bytesOf(flows, snatAddress[space.index] ?? 0),
    redirectedShare: all === 0 ? 0 : redirected / all,
  };
}

function isTranslated({ flows }: FlowTable, row: number): boolean {
  return ((flows.status[row] ?? 0) & (SRC_NAT | INBOUND)) === SRC_NAT;
}

function bytesOf({ addresses }: FlowTable, row: number): Uint8Array {
  return addresses.subarray(row * 16, row * 16 + 16);
}
