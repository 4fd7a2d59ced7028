// The index against a plain map, through many additions and removals.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlowIndex } from './flow-index.ts';
import { allocateColumns } from './ledger-columns.ts';

describe('FlowIndex', () => {
  it('finds what was added and not removed, and nothing else', () => {
    const step = fc.record({ add: fc.boolean(), row: fc.nat(499) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000, size: 'max' }), (steps) => {
        const columns = allocateColumns(500);
        for (let row = 0; row < 500; row += 1) {
          columns.portSpace[row] = row % 7;
          columns.port[row] = row % 50;
          columns.id[row] = 0xffff_ff00 + row;
        }
        const index = new FlowIndex();
        const there = new Set<number>();
        for (const { add, row } of steps) {
          if (add && !there.has(row)) {
            index.add(columns, row);
            there.add(row);
          } else if (!add) {
            index.remove(columns, row);
            there.delete(row);
          }
        }
        expect(index.count).toBe(there.size);
        for (let row = 0; row < 500; row += 1)
          expect(index.find(columns, row % 7, row % 50, (0xffff_ff00 + row) | 0)).toBe(there.has(row) ? row : -1);
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});
