// A comparison of clusters as one screen: a row for each node that changed, worst first, the others counted, the conclusion last.
import type { ClusterComparison, NodeComparison, SoleNode } from '../../core/analysis/compare/cluster-comparison.ts';
import { type Line, paintLines } from '../line.ts';
import { formatCount } from '../number-text.ts';
import { commandText, type Style } from '../style.ts';
import { wrapText } from '../wrap-text.ts';
import { changeText, clusterLookText, SOLE_LABELS, soleText } from './cluster-comparison-words.ts';
import type { ComparisonTableOptions } from './comparison-table.ts';
import { TREND_LABELS, TREND_TONES } from './comparison-words.ts';

const LABEL_WIDTH = 12;

export function formatClusterComparison(
  clusters: ClusterComparison,
  { style, top, next }: ComparisonTableOptions,
): string {
  const { nodes, soleNodes, trend, conclusion } = clusters;
  const changed = nodes.filter((each) => each.trend !== 'same');
  const width = Math.max(0, ...[...changed.slice(0, top), ...soleNodes.slice(0, top)].map(({ node }) => node.length));
  return paintLines(
    [
      ...wrapText(clusterLookText(clusters), { width: style.width, indent: 2 }).map((text) => ({ text })),
      { text: '' },
      ...changed.slice(0, top).flatMap((each) => nodeLines(each, { style, width })),
      ...soleNodes.slice(0, top).flatMap((each) => soleLines(each, { style, width })),
      ...restLines(clusters, { top, style }),
      { text: '' },
      ...wrapText(conclusion, { width: style.width, indent: 2 }).map(
        (text): Line => ({ text, tone: TREND_TONES[trend] }),
      ),
      { text: `Next: ${commandText(next, style)}` },
    ],
    style.palette,
  );
}

interface RowOptions {
  readonly style: Style;
  /** Of the longest name. */
  readonly width: number;
}

function nodeLines(node: NodeComparison, options: RowOptions): Line[] {
  const { trend } = node;
  const row = { label: TREND_LABELS[trend], tone: TREND_TONES[trend], node: node.node, text: changeText(node) };
  return rowLines(row, options);
}

function soleLines(sole: SoleNode, options: RowOptions): Line[] {
  return rowLines(
    { label: SOLE_LABELS[sole.kind], tone: TREND_TONES[sole.trend], node: sole.node, text: soleText(sole) },
    options,
  );
}

interface Row {
  readonly label: string;
  readonly tone: (typeof TREND_TONES)[keyof typeof TREND_TONES];
  readonly node: string;
  readonly text: string;
}

function rowLines({ label, tone, node, text }: Row, { style, width }: RowOptions): Line[] {
  const marked = `${style.symbols[tone]} ${label}`;
  const first = `${marked.padEnd(LABEL_WIDTH)}${node.padEnd(width)}  `;
  return wrapText(text, { width: style.width, first }).map(
    (line, index): Line =>
      index === 0 ? { text: line.trimEnd(), tone, tonedCharacters: marked.length } : { text: line },
  );
}

function restLines(
  { nodes, soleNodes }: ClusterComparison,
  { top, style }: Pick<ComparisonTableOptions, 'top' | 'style'>,
): Line[] {
  const same = nodes.filter(({ trend }) => trend === 'same').length;
  const cut = Math.max(0, nodes.length - same - top) + Math.max(0, soleNodes.length - top);
  return [
    ...(cut === 0 ? [] : [{ text: `${style.symbols.info} ${formatCount(cut, 'node')} more (--top)` }]),
    ...(same === 0 ? [] : [{ text: `${style.symbols.ok} ${formatCount(same, 'node')} the same` }]),
  ];
}
