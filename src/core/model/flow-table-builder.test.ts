import { describe, expect, it } from 'vitest';
import { FlowTableBuilder, newFlowValues } from './flow-table-builder.ts';
import { newPortSpaceKey } from './port-space-table.ts';

function builderWith(flows: number, expected = 0): FlowTableBuilder {
  const builder = new FlowTableBuilder(expected);
  for (let index = 0; index < flows; index += 1) addFlow(builder, index);
  return builder;
}

/** Flow `index` of three port spaces. */
function addFlow(builder: FlowTableBuilder, index: number, id = 4_000_000_000 + index): void {
  const key = { ...newPortSpaceKey(), protocol: 6, remotePort: index % 3 };
  builder.add(key, { ...newFlowValues(), id, port: index & 0xffff, timeoutSeconds: index, status: index & 0xff });
}

describe('FlowTableBuilder', () => {
  it('keeps every column across growth', () => {
    const table = builderWith(10_000).build();
    expect(table.flowCount).toBe(10_000);
    expect(table.portSpaceCount).toBe(3);
    for (const row of [0, 1023, 1024, 1536, 9999]) {
      expect(table.flows.id[row]).toBe(4_000_000_000 + row);
      expect(table.flows.port[row]).toBe(row);
      expect(table.flows.portSpace[row]).toBe(row % 3);
      expect(table.flows.timeoutSeconds[row]).toBe(row);
      expect(table.flows.status[row]).toBe(row & 0xff);
    }
    expect([...table.portSpaces.flows.subarray(0, 3)]).toEqual([3334, 3333, 3333]);
  });

  it('spends at most 24 bytes a flow of what is expected', () => {
    const { flows } = builderWith(0, 1_000_000).buildData();
    const bytes = Object.values(flows).reduce((sum, { BYTES_PER_ELEMENT }) => sum + BYTES_PER_ELEMENT, 0);
    expect(bytes).toBeLessThanOrEqual(24);
  });

  it('adds a flow once that comes again within 256 flows', () => {
    for (const distance of [1, 2, 80, 256]) {
      const builder = builderWith(1000 + distance);
      addFlow(builder, 1000);
      expect(builder.resent).toBe(1);
      expect(builder.count).toBe(1000 + distance);
      expect([...builder.build().portSpaces.flows].reduce((sum, flows) => sum + flows, 0)).toBe(1000 + distance);
    }
  });

  it('adds a flow again whose id differs: the port was freed and taken anew', () => {
    const builder = builderWith(1000);
    addFlow(builder, 999, 7);
    expect(builder.resent).toBe(0);
    expect(builder.count).toBe(1001);
  });
});
