// The screens of a cluster's diagnosis against their golden files.
import { describe, expect, it } from 'vitest';
import { clusterDocument } from '../../src/present/cluster/cluster-diagnosis-document.ts';
import { formatClusterExplained } from '../../src/present/cluster/cluster-diagnosis-explain.ts';
import { formatClusterMarkdown } from '../../src/present/cluster/cluster-diagnosis-markdown.ts';
import { formatClusterTable } from '../../src/present/cluster/cluster-diagnosis-table.ts';
import { formatClusterWide } from '../../src/present/cluster/cluster-diagnosis-wide.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { ASCII_SYMBOLS } from '../../src/present/symbols.ts';
import { matchGolden } from './match-golden.ts';
import { SAMPLE_CLUSTERS } from './sample-cluster-diagnoses.ts';

const TOP = 10;
const SAMPLES = Object.entries(SAMPLE_CLUSTERS);
const NARROW = { ...DEFAULT_STYLE, width: 80 };

describe("a cluster's first screen", () => {
  it.each(SAMPLES)('%s at 100 and at 80 columns', (name, diagnosis) => {
    matchGolden(`cluster-${name}.100.txt`, formatClusterTable(diagnosis, { style: DEFAULT_STYLE, top: TOP }));
    matchGolden(`cluster-${name}.80.txt`, formatClusterTable(diagnosis, { style: NARROW, top: TOP }));
  });

  it.each(SAMPLES)('%s keeps to its width, with the next command last', (_, diagnosis) => {
    for (const style of [DEFAULT_STYLE, NARROW]) {
      const lines = formatClusterTable(diagnosis, { style, top: TOP }).trimEnd().split('\n');
      expect(lines.filter((line) => line.length > style.width)).toEqual([]);
      expect(lines.length).toBeLessThanOrEqual(40);
      expect(lines.at(-1)).toMatch(/^Next: /);
    }
  });

  it.each(SAMPLES)('%s has an ASCII twin', (_, diagnosis) => {
    const style = { ...DEFAULT_STYLE, symbols: ASCII_SYMBOLS };
    expect(formatClusterTable(diagnosis, { style, top: TOP })).toMatch(/^[\n -~]*$/);
  });
});

describe("a cluster's other formats", () => {
  it('wide, explained, as Markdown and as JSON', () => {
    const { troubled } = SAMPLE_CLUSTERS;
    matchGolden('cluster-troubled.wide.txt', formatClusterWide(troubled, DEFAULT_STYLE));
    matchGolden('cluster-troubled.explain.txt', formatClusterExplained(troubled, { style: DEFAULT_STYLE, top: TOP }));
    matchGolden('cluster-troubled.md', formatClusterMarkdown(troubled, DEFAULT_STYLE));
    matchGolden('cluster-troubled.json.txt', `${JSON.stringify(clusterDocument(troubled), null, 2)}\n`);
  });

  it('JSON has the same keys whatever was seen', () => {
    const keys = Object.values(SAMPLE_CLUSTERS).map((diagnosis) => Object.keys(clusterDocument(diagnosis)).join());
    expect(new Set(keys).size).toBe(1);
    const nodes = clusterDocument(SAMPLE_CLUSTERS.troubled).nodes.map((node) => Object.keys(node).join());
    expect(new Set(nodes).size).toBe(1);
  });
});
