import { describe, expect, it } from 'vitest';
import { clusterRangeDocument } from '../../src/present/cluster-range-document.ts';
import { formatClusterRange } from '../../src/present/cluster-range-table.ts';
import { DEFAULT_STYLE, type Style } from '../../src/present/style.ts';
import { ASCII_SYMBOLS } from '../../src/present/symbols.ts';
import { matchGolden } from './match-golden.ts';
import { SAMPLE_RANGES } from './sample-cluster-ranges.ts';

const NAMES = ['quiet', 'layered', 'poisoned', 'annotated', 'blind', 'cilium'] as const;

const styleOf = (width: number): Style => ({ ...DEFAULT_STYLE, width });

describe('the effective ranges of a cluster', () => {
  it.each(NAMES)('%s', (name) => {
    for (const width of [100, 80]) {
      const text = formatClusterRange(SAMPLE_RANGES[name], { style: styleOf(width), explain: false });
      matchGolden(`range-${name}.${width}.txt`, text);
    }
  });

  it.each(NAMES)('%s, explained', (name) => {
    matchGolden(
      `range-${name}.explain.txt`,
      formatClusterRange(SAMPLE_RANGES[name], { style: styleOf(100), explain: true }),
    );
  });

  it('as JSON', () => {
    for (const name of ['layered', 'blind'] as const)
      matchGolden(`range-${name}.json.txt`, `${JSON.stringify(clusterRangeDocument(SAMPLE_RANGES[name]), null, 2)}\n`);
  });

  it('without Unicode', () => {
    const style = { ...styleOf(100), symbols: ASCII_SYMBOLS };
    const text = formatClusterRange(SAMPLE_RANGES.layered, { style, explain: true });
    matchGolden('range-layered.ascii.txt', text);
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it.each(NAMES)('%s keeps to the width, but for commands to paste', (name) => {
    for (const width of [60, 80, 100])
      for (const explain of [false, true]) {
        const lines = formatClusterRange(SAMPLE_RANGES[name], { style: styleOf(width), explain }).split('\n');
        const long = lines.filter((line) => line.length > width && !line.startsWith('kubectl '));
        expect(long).toEqual([]);
      }
  });
});
