import { describe, expect, it } from 'vitest';
import { flowTableFixture, flowsFixture } from '../../../test/analysis/node-facts-fixture.ts';
import { selectSpaces } from './select-spaces.ts';

describe('selectSpaces', () => {
  const sizes = [...Array.from({ length: 40 }, (_, index) => ((index * 7) % 40) + 1), 25, 90, 80];
  const table = flowTableFixture(sizes.flatMap((size, index) => flowsFixture(size, { remotePort: 1000 - index })));
  const ordered = sizes.toSorted((left, right) => right - left);

  function chosen(worthwhile: number): number[] {
    return selectSpaces(table, () => worthwhile).map((row) => table.portSpaces.flows[row] ?? 0);
  }

  it('takes every space that is worthwhile and the fullest 32 others, fullest first', () => {
    expect(chosen(50)).toEqual(ordered.slice(0, 34));
    expect(chosen(1000)).toEqual(ordered.slice(0, 32));
    expect(chosen(1)).toEqual(ordered);
  });

  it('orders equally full ones by what they are', () => {
    const rows = selectSpaces(table, () => 1000).filter((row) => table.portSpaces.flows[row] === 25);
    expect(rows.map((row) => table.portSpaces.remotePort[row])).toEqual([960, 968]);
  });

  it('bounds the work', () => {
    const many = flowTableFixture(
      Array.from({ length: 300 }, (_, index) => flowsFixture(2, { remotePort: index })).flat(),
    );
    expect(selectSpaces(many, () => 1)).toHaveLength(256);
  });
});
