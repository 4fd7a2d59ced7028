import { describe, expect, it } from 'vitest';
import { flowTableFixture, flowsFixture } from '../../../test/analysis/node-facts-fixture.ts';
import { selectSpaces } from './select-spaces.ts';

describe('selectSpaces', () => {
  const sizes = [3, 50, 1, 7, 7, 2, 9, 4, 5, 6, 8, 60];
  const table = flowTableFixture(sizes.flatMap((size, index) => flowsFixture(size, { remotePort: 1000 - index })));

  function chosen(worthwhile: number): number[] {
    return selectSpaces(table, () => worthwhile).map((row) => table.portSpaces.flows[row] ?? 0);
  }

  it('takes every space that is worthwhile and the fullest eight others, fullest first', () => {
    expect(chosen(40)).toEqual([60, 50, 9, 8, 7, 7, 6, 5, 4, 3]);
    expect(chosen(1000)).toEqual([60, 50, 9, 8, 7, 7, 6, 5]);
    expect(chosen(1)).toEqual([60, 50, 9, 8, 7, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('orders equally full ones by what they are', () => {
    const rows = selectSpaces(table, () => 1000).filter((row) => table.portSpaces.flows[row] === 7);
    expect(rows.map((row) => table.portSpaces.remotePort[row])).toEqual([996, 997]);
  });

  it('bounds the work', () => {
    const many = flowTableFixture(
      Array.from({ length: 300 }, (_, index) => flowsFixture(2, { remotePort: index })).flat(),
    );
    expect(selectSpaces(many, () => 1)).toHaveLength(256);
  });
});
