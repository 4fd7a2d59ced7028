import { describe, expect, it } from 'vitest';
import { FlowTableBuilder, newFlowValues } from './flow-table-builder.ts';
import type { FlowTable } from './flow-table.ts';
import { MAPPED_WORD } from './address-table.ts';
import { mergeFlowTables } from './merge-flow-tables.ts';
import { newPortSpaceKey } from './port-space-table.ts';

/** One flow: SNAT address, remote address (last octets), port. */
type Flow = readonly [number, number, number];

function tableOf(flows: readonly Flow[]): FlowTable {
  const builder = new FlowTableBuilder();
  const row = (octet: number): number =>
    builder.addresses.rowOf(
      Int32Array.of(0, 0, MAPPED_WORD, new Int32Array(Uint8Array.of(192, 0, 2, octet).buffer)[0] ?? 0),
      0,
    );
  for (const [snat, remote, port] of flows) {
    const key = {
      ...newPortSpaceKey(),
      protocol: 6,
      snatAddress: row(snat),
      remoteAddress: row(remote),
      remotePort: 443,
    };
    builder.add(key, { ...newFlowValues(), source: row(port & 0xff), id: port + 7, port, status: 1, tcpState: 3 });
  }
  return builder.build();
}

function lines(table: FlowTable): readonly string[] {
  return Array.from({ length: table.flowCount }, (_, row) => {
    const { snatAddress, remoteAddress } = table.portSpace(table.flows.portSpace[row] ?? 0);
    const { port, source, id, status, tcpState } = table.flows;
    const own = `${port[row]} ${id[row]} ${status[row]} ${tcpState[row]}`;
    return `${snatAddress} ${remoteAddress} ${own} from ${table.address(source[row] ?? 0)}`;
  });
}

describe('mergeFlowTables', () => {
  const left: readonly Flow[] = [
    [1, 10, 40_000],
    [1, 11, 40_001],
    [1, 10, 40_002],
  ];
  const right: readonly Flow[] = [
    [2, 12, 50_000],
    [1, 10, 50_001],
    [10, 1, 50_002],
  ];

  it('is the table of all flows', () => {
    const merged = mergeFlowTables(tableOf(left), tableOf(right));
    const wanted = tableOf([...left, ...right]);
    expect(lines(merged)).toEqual(lines(wanted));
    expect(merged.portSpaceCount).toBe(4);
    expect([...merged.portSpaces.flows]).toEqual([3, 1, 1, 1]);
    expect(merged.addressCount).toBe(wanted.addressCount);
  });

  it('of an empty half is the other', () => {
    expect(lines(mergeFlowTables(tableOf([]), tableOf(right)))).toEqual(lines(tableOf(right)));
    expect(lines(mergeFlowTables(tableOf(left), tableOf([])))).toEqual(lines(tableOf(left)));
  });
});
