// One snapshot to verdict-ready facts: the flows by port space, ports per busy space as a bitmap, flows per source.
import { NODE_ADDRESS } from './flow-mix.ts';
import type { FlowTable } from '../src/core/model/flow-table.ts';
import { PortSet } from '../src/core/model/port-set.ts';
import { dumpFlows } from '../src/kernel/conntrack/dump-flows.ts';

/** Fewer flows than this cannot fill a space: no bitmap is made. */
const BUSY_FLOWS = 1000;

export interface SnapshotFacts {
  readonly kept: number;
  readonly portSpaces: number;
  /** Distinct ports in the fullest space. */
  readonly mostPorts: number;
  readonly sources: number;
  readonly complete: boolean;
}

/** Reads the calling thread's namespace and aggregates. */
export function takeSnapshot(only?: 'snat' | 'not-snat'): SnapshotFacts {
  const localAddresses = [[24, 16, 8, 0].map((shift) => (NODE_ADDRESS >>> shift) & 0xff).join('.')];
  const reading = dumpFlows({ localAddresses, ...(only === undefined ? {} : { only }) });
  return { ...aggregate(reading.value), complete: reading.complete };
}

function aggregate(table: FlowTable): Omit<SnapshotFacts, 'complete'> {
  const { portSpace, port, source } = table.flows;
  const maps = Array.from({ length: table.portSpaceCount }, (_, row) =>
    (table.portSpaces.flows[row] ?? 0) >= BUSY_FLOWS ? new PortSet() : undefined,
  );
  const perSource = new Uint32Array(table.addressCount);
  for (let row = 0; row < table.flowCount; row += 1) {
    maps[portSpace[row] ?? 0]?.add(port[row] ?? 0);
    const address = source[row] ?? 0;
    perSource[address] = (perSource[address] ?? 0) + 1;
  }
  const mostPorts = maps.reduce((most, map) => Math.max(most, map?.count() ?? 0), 0);
  const sources = perSource.reduce((count, flows) => count + (flows > 0 ? 1 : 0), 0);
  return { kept: table.flowCount, portSpaces: table.portSpaceCount, mostPorts, sources };
}
