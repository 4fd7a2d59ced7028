import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortSpaceTable, newPortSpaceKey } from './port-space-table.ts';

const key = fc.record({
  zone: fc.constantFrom(0, 1, 65_535),
  protocol: fc.constantFrom(6, 17, 132),
  snatAddress: fc.nat(3),
  remoteAddress: fc.nat(40),
  remotePort: fc.constantFrom(0, 53, 443, 65_535),
});

describe('PortSpaceTable', () => {
  it('gives each distinct key a row, keeps the key and counts its flows', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 600 }), (keys) => {
        const table = new PortSpaceTable();
        const rows = new Map<string, { row: number; flows: number }>();
        for (const wanted of keys) {
          const name = JSON.stringify(wanted);
          const known = rows.get(name);
          const row = table.rowOf(wanted);
          expect(row).toBe(known?.row ?? rows.size);
          rows.set(name, { row, flows: (known?.flows ?? 0) + 1 });
        }
        const columns = table.columns();
        for (const [name, { row, flows }] of rows) {
          const { zone, protocol, snatAddress, remoteAddress, remotePort } = columns;
          const stored = {
            zone: zone[row],
            protocol: protocol[row],
            snatAddress: snatAddress[row],
            remoteAddress: remoteAddress[row],
            remotePort: remotePort[row],
          };
          expect(JSON.stringify(stored)).toBe(name);
          expect(columns.flows[row]).toBe(flows);
        }
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('refuses new rows at its limit and still finds the old', () => {
    const table = new PortSpaceTable(1);
    expect(table.rowOf(newPortSpaceKey())).toBe(0);
    expect(table.rowOf({ ...newPortSpaceKey(), zone: 1 })).toBe(-1);
    expect(table.rowOf(newPortSpaceKey())).toBe(0);
    expect(table.flowsOf(0)).toBe(2);
    table.countFlow(0);
    expect(table.flowsOf(0)).toBe(3);
  });
});
