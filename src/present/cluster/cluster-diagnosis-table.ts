// The first screen for a cluster: a row a node, worst first; then what holds for all of them, and the next command.
import type { ClusterDiagnosis } from '../../core/analysis/cluster-diagnosis.ts';
import { layoutColumns } from '../column-layout.ts';
import { type Line, paintLines } from '../line.ts';
import { formatCount } from '../number-text.ts';
import { commandText, type Style } from '../style.ts';
import { wrapSegments, wrapText } from '../wrap-text.ts';
import { areFine, chooseClusterRows, type ClusterRow } from './cluster-rows.ts';
import { claimTexts, clusterGapText, clusterWords, countsText } from './cluster-words.ts';
import { type NodeRow, nodeRow } from './node-row.ts';

export interface ClusterTableOptions {
  readonly style: Style;
  /** How many nodes get a row. */
  readonly top: number;
}

type Column = Exclude<keyof NodeRow, 'severity'>;

const TITLES: Readonly<Record<Column, string>> = {
  node: '  NODE',
  range: 'RANGE',
  space: 'WORST PORT SPACE',
  used: 'USED',
  lost: 'NEXT LOST',
  workload: 'TOP WORKLOAD',
  verdict: 'VERDICT',
};

const ALL: readonly Column[] = ['node', 'range', 'space', 'used', 'lost', 'workload', 'verdict'];
/** What goes where there is no room, the least missed first; all of it is in -o wide. */
const DISPENSABLE: readonly Column[] = ['range', 'lost', 'workload'];
/** The verdict, which comes last, needs that much before it is broken into lines. */
const VERDICT_WIDTH = 12;
const SPACE_WIDTH = 26;
const GAPS_SHOWN = 3;
const CLAIMS_SHOWN = 4;

export function formatClusterTable(diagnosis: ClusterDiagnosis, options: ClusterTableOptions): string {
  return paintLines(
    [...clusterAnswerLines(diagnosis, options), ...nextLines(diagnosis, options.style)],
    options.style.palette,
  );
}

/** All but the next command. */
export function clusterAnswerLines(diagnosis: ClusterDiagnosis, { style, top }: ClusterTableOptions): Line[] {
  const rows = chooseClusterRows(diagnosis.nodes, top);
  return [
    ...limitLines(diagnosis, style),
    ...rowLines(rows.shown, style),
    ...cutLines(diagnosis, { cut: rows.cut.length, fine: areFine(rows.cut) }),
    { text: '' },
    ...wordLines(diagnosis, style),
    ...claimLines(diagnosis, style),
    ...gapLines(diagnosis, style),
  ];
}

export function nextLines({ next }: ClusterDiagnosis, style: Style): Line[] {
  const [first = '', ...others] = next.map((command) => commandText(command, style));
  const why = others.length === 0 ? '' : `   (why: ${others.join(', ')})`;
  return [{ text: `Next: ${first}${why}`, tone: 'strong' }];
}

function wordLines(diagnosis: ClusterDiagnosis, style: Style): Line[] {
  const words = [countsText(diagnosis), ...clusterWords(diagnosis)];
  const lines = wrapSegments(words, { width: style.width, indent: 2 });
  return plain(
    lines.flatMap((line) => (line.length <= style.width ? [line] : wrapText(line, { width: style.width, indent: 2 }))),
  );
}

function limitLines({ limitedTo }: ClusterDiagnosis, style: Style): Line[] {
  if (limitedTo === undefined) return [];
  return plain(
    wrapText(`Only port spaces in which pods of ${limitedTo} hold a port, and the nodes they run on.`, {
      width: style.width,
      indent: 2,
    }),
  );
}

function rowLines(rows: readonly ClusterRow[], style: Style): Line[] {
  const cells = rows.map(({ answer, also }) => nodeRow(answer, also.length));
  if (cells.length === 0) return [{ text: `${style.symbols.unknown} no node could be read`, tone: 'unknown' }];
  const columns = columnsThatFit(cells, style);
  const table = layoutColumns([
    columns.map((column) => TITLES[column]),
    ...cells.map((row) => columns.map((column) => cellOf(row, column, style))),
  ]);
  const indent = (table[0] ?? '').indexOf(TITLES.verdict);
  return table.flatMap((text, index) => {
    const row = cells[index - 1];
    const lines = wrapText(text.slice(indent), { width: style.width, first: text.slice(0, indent), indent });
    if (row === undefined) return lines.map((line): Line => ({ text: line, tone: 'strong' }));
    return lines.map(
      (line, at): Line => (at === 0 ? { text: line, tone: row.severity, tonedCharacters: 1 } : { text: line }),
    );
  });
}

function cellOf(row: NodeRow, column: Column, style: Style): string {
  if (column === 'node') return `${style.symbols[row.severity]} ${row.node}`;
  return column === 'space' ? shortened(row.space) : row[column];
}

/** An IPv6 address would take the room of the columns behind it; -o wide has it whole. */
function shortened(space: string): string {
  return space.length <= SPACE_WIDTH ? space : `${space.slice(0, 12)}...${space.slice(15 - SPACE_WIDTH)}`;
}

function columnsThatFit(cells: readonly NodeRow[], style: Style): readonly Column[] {
  let columns = ALL;
  for (const dispensable of DISPENSABLE) {
    if (widthOf(cells, columns, style) <= style.width) break;
    columns = columns.filter((column) => column !== dispensable);
  }
  return columns;
}

function widthOf(cells: readonly NodeRow[], columns: readonly Column[], style: Style): number {
  const widths = columns.map((column) => {
    const widest = Math.max(TITLES[column].length, ...cells.map((row) => cellOf(row, column, style).length));
    return column === 'verdict' ? Math.min(widest, VERDICT_WIDTH) : widest;
  });
  return widths.reduce((sum, width) => sum + width, 0) + 2 * (columns.length - 1);
}

function cutLines(
  { nodes }: ClusterDiagnosis,
  { cut, fine }: { readonly cut: number; readonly fine: boolean },
): Line[] {
  if (cut === 0) return [];
  const what = fine ? ', all fine' : '';
  return [
    { text: `  ${formatCount(cut, 'more node')}${what} (--top ${nodes.length} shows all, -o wide with every column)` },
  ];
}

function claimLines({ claims }: ClusterDiagnosis, style: Style): Line[] {
  const { hurting, harmless } = claimTexts(claims, CLAIMS_SHOWN);
  const lines = hurting.flatMap((text) =>
    wrapText(text, { width: style.width, first: `${style.symbols.warning} `, indent: 2 }).map(
      (line, index): Line => (index === 0 ? { text: line, tone: 'warning', tonedCharacters: 1 } : { text: line }),
    ),
  );
  if (harmless.length === 0) return lines;
  const first = 'Claimed by others inside the range, harmless: ';
  return [...lines, ...plain(wrapText(harmless.join('; '), { width: style.width, first, indent: 2 }))];
}

function gapLines({ gaps, nodes }: ClusterDiagnosis, style: Style): Line[] {
  const read = nodes.filter((answer) => 'summary' in answer).length;
  const shown = gaps.slice(0, GAPS_SHOWN);
  const texts = shown.map((gap) => clusterGapText(gap, read));
  const rest = gaps.length - shown.length;
  if (rest > 0) texts.push(`${formatCount(rest, 'more thing')} (--explain lists ${rest === 1 ? 'it' : 'them'})`);
  return texts.flatMap((text) => plain(wrapText(text, { width: style.width, first: 'Not seen: ', indent: 10 })));
}

function plain(texts: readonly string[]): Line[] {
  return texts.map((text) => ({ text }));
}
