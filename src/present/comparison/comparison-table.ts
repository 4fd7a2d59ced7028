// A comparison as one screen: worst first, what changed about the node, the conclusion last.
import type { Comparison, NodeChange, SpaceComparison } from '../../core/analysis/compare/comparison.ts';
import { type Line, paintLines } from '../line.ts';
import { formatCount } from '../number-text.ts';
import { commandText, type Style } from '../style.ts';
import { wrapSegments, wrapText } from '../wrap-text.ts';
import {
  figureChanges,
  nodeChangeText,
  spaceName,
  TREND_LABELS,
  TREND_TONES,
  verdictChange,
} from './comparison-words.ts';

const LABEL_WIDTH = 12;

export interface ComparisonTableOptions {
  readonly style: Style;
  /** How many port spaces get a row. */
  readonly top: number;
  /** The next command worth typing. */
  readonly next: string;
}

export function formatComparison(comparison: Comparison, { style, top, next }: ComparisonTableOptions): string {
  const rows = comparison.portSpaces.filter(isWorthARow);
  const shown = rows.slice(0, top);
  return paintLines(
    [
      ...headerLines(comparison, style),
      { text: '' },
      ...shown.flatMap((space) => spaceLines(space, style)),
      ...comparison.node.flatMap((change) => nodeLines(change, style)),
      ...restLines(comparison, { shown: shown.length, cut: rows.length - shown.length }, style),
      { text: '' },
      ...wrapText(comparison.conclusion, { width: style.width, indent: 2 }).map(
        (text): Line => ({ text, tone: TREND_TONES[comparison.trend] }),
      ),
      { text: `Next: ${commandText(next, style)}` },
    ],
    style.palette,
  );
}

/** What is fine in both looks is counted. */
function isWorthARow({ trend, before, after }: SpaceComparison): boolean {
  const isFine = [before, after].every((row) => row === undefined || row.severity === 'ok' || row.severity === 'info');
  return !isFine || (trend !== 'same' && trend !== 'changed');
}

function headerLines({ before, after }: Comparison, style: Style): Line[] {
  const name = before.node === after.node ? after.node : `${before.node} -> ${after.node}`;
  return wrapSegments([name, `${before.at} -> ${after.at}`], { width: style.width, indent: 2 }).map((text, index) =>
    index === 0 ? { text, tone: 'strong', tonedCharacters: name.length } : { text },
  );
}

function spaceLines(space: SpaceComparison, style: Style): Line[] {
  const tone = TREND_TONES[space.trend];
  const label = `${style.symbols[tone]} ${TREND_LABELS[space.trend]}`;
  const head = wrapSegments([spaceName(space), verdictChange(space)], {
    width: style.width,
    first: label.padEnd(LABEL_WIDTH),
  });
  const indent = ' '.repeat(LABEL_WIDTH);
  const figures = figureChanges(space).map(({ name, text }) => `${name} ${text}`);
  return [
    ...head.map((text, index): Line => (index === 0 ? { text, tone, tonedCharacters: label.length } : { text })),
    ...wrapSegments(figures, { width: style.width, first: indent }).map((text) => ({ text })),
  ];
}

function nodeLines(change: NodeChange, style: Style): Line[] {
  const tone = TREND_TONES[change.trend];
  const label = `${style.symbols[tone]} ${TREND_LABELS[change.trend]}`;
  return wrapText(nodeChangeText(change), { width: style.width, first: label.padEnd(LABEL_WIDTH) }).map(
    (text, index): Line => (index === 0 ? { text, tone, tonedCharacters: label.length } : { text }),
  );
}

function restLines(
  { portSpaces, node }: Comparison,
  { shown, cut }: { readonly shown: number; readonly cut: number },
  style: Style,
): Line[] {
  const rest = portSpaces.length - shown - cut;
  const mark = style.symbols.ok;
  return [
    ...(cut === 0 ? [] : [{ text: `${style.symbols.info} ${formatCount(cut, 'port space')} more (--top)` }]),
    ...(rest === 0 ? [] : [{ text: `${mark} ${formatCount(rest, 'port space')} fine in both` }]),
    ...(shown + node.length + rest === 0 ? [{ text: `${mark} no port space is charted in either` }] : []),
  ];
}
