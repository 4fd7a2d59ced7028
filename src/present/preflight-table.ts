// Whether today's load would fit another natPortRange, on one screen: nodes that do not fit first, then what to do beforehand.
import { isMisfit, isOpen, type NodePreflight, type Preflight, type PreflightSpace } from '../core/advice/preflight.ts';
import { formatRange } from '../core/model/port-range.ts';
import { protocolName } from '../core/model/protocol.ts';
import { shortChances } from './cluster/short-chance.ts';
import { layoutColumns } from './column-layout.ts';
import { holderName } from './holder-text.ts';
import { type Line, paintLines } from './line.ts';
import { formatNodeRange, someNames } from './node-range-text.ts';
import { formatCount, formatInteger, formatNumber } from './number-text.ts';
import { commandText, type Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

export interface PreflightTableOptions {
  readonly style: Style;
  /** How many nodes get a row. */
  readonly top: number;
  readonly next: string;
}

const TITLES = ['  NODE', 'TODAY', 'FULLEST PORT SPACE', 'HELD', 'NEXT LOST', 'WORKLOAD', 'THEN'];
const RIGHT = [3];
const GAPS_SHOWN = 3;

export function formatPreflight(preflight: Preflight, { style, top, next }: PreflightTableOptions): string {
  const shown = preflight.nodes.slice(0, top);
  const rest = preflight.nodes.length - shown.length;
  const lines: Line[] = [
    ...paragraph(questionText(preflight), style),
    { text: '' },
    ...rowLines(shown, style),
    ...(rest === 0
      ? []
      : [{ text: `  ${formatCount(rest, 'more node')} (--top ${preflight.nodes.length} shows all)` }]),
    { text: '' },
    ...paragraph(answerText(preflight), style),
    ...keepLines(preflight),
    ...gapLines(preflight, style),
    { text: `Next: ${commandText(next, style)}`, tone: 'strong' },
  ];
  return paintLines(lines, style.palette);
}

function questionText({ cluster, to, kind, goal }: Preflight): string {
  const how =
    kind === 'update'
      ? 'what an update of the master to 1.25 or later sets where nothing is set'
      : 'written into FelixConfiguration default';
  const load = goal.loadFactor === 1 ? "today's load" : `${formatNumber(goal.loadFactor)} times today's load`;
  return `${cluster}: would ${load} fit natPortRange ${formatRange(to)} (${how})?`;
}

function rowLines(nodes: readonly NodePreflight[], style: Style): Line[] {
  if (nodes.length === 0) return [{ text: `${style.symbols.unknown} no node could be read`, tone: 'unknown' }];
  const rows = layoutColumns([TITLES, ...nodes.map((node) => cells(node, style))], { right: RIGHT });
  const indent = (rows[0] ?? '').indexOf(TITLES.at(-1) ?? '');
  return rows.flatMap((row, index) => {
    const node = nodes[index - 1];
    const wrapped = wrapText(row.slice(indent), {
      width: Math.max(style.width, indent + 20),
      first: row.slice(0, indent),
      indent,
    });
    const tone = node === undefined ? 'strong' : toneOf(node);
    return wrapped.map(
      (text, at): Line => (at === 0 ? { text, tone, ...(node === undefined ? {} : { tonedCharacters: 1 }) } : { text }),
    );
  });
}

function toneOf(node: NodePreflight): 'critical' | 'unknown' | 'ok' {
  return isMisfit(node) ? 'critical' : isOpen(node) ? 'unknown' : 'ok';
}

function cells(node: NodePreflight, style: Style): string[] {
  // What would happen under a range that the node does not get is no figure of its.
  const space = 'fit' in node && node.move !== 'keeps' ? node.fit.spaces[0] : undefined;
  return [
    `${style.symbols[toneOf(node)]} ${node.node}`,
    node.configured === undefined ? 'not known' : formatNodeRange(node.configured.range),
    space === undefined ? '-' : spaceText(space),
    space === undefined ? '-' : formatInteger(space.heldFlows),
    space === undefined ? '-' : shortChances(space.dropProbability, space.dropProbability),
    workloadText(space),
    outcomeText(node),
  ];
}

function spaceText({ portSpace: { protocol, remoteAddress, remotePort } }: PreflightSpace): string {
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return `${protocolName(protocol)} ${host}:${remotePort}`;
}

function workloadText(space: PreflightSpace | undefined): string {
  const [top] = space?.holders ?? [];
  return top === undefined ? '-' : holderName(top.holder);
}

function outcomeText(node: NodePreflight): string {
  const { move, configured } = node;
  if (move === 'keeps')
    return `keeps its range: ${configured?.layers.find(({ role }) => role === 'rules')?.place ?? 'set already'}`;
  if (!('fit' in node)) return `not read: ${node.why}`;
  const worst = node.fit.spaces[0];
  const ifReached = move === 'unknown' ? ', if the move reaches it: what rules there was not read' : '';
  if (worst === undefined) return `fits easily${ifReached}`;
  return `${worst.fits ? 'fits' : 'does not fit'}, bears ${formatNumber(worst.bearsFactor)} x today${ifReached}`;
}

function answerText({ nodes, verdict }: Preflight): string {
  const changing = nodes.filter(({ move }) => move === 'changes').length;
  const misfits = nodes.filter(isMisfit);
  const start = `${formatCount(changing, 'node')} of ${formatInteger(nodes.length)} would change`;
  if (verdict === 'does-not-fit')
    return `${start}; on ${someNames(misfits.map(({ node }) => node))} today's load would not fit.`;
  if (verdict === 'cannot-tell') return `${start}; whether it fits cannot be told: see the rows marked ?.`;
  return changing === 0 ? `${start}: nothing to do.` : `${start}, and what runs today fits.`;
}

/** A command stays one line, so that it can be pasted. */
function keepLines({ keep, kind }: Preflight): Line[] {
  if (keep === undefined) return [];
  const why = kind === 'update' ? 'Set a range beforehand, and the update keeps it:' : 'A wider range in its place:';
  return [{ text: why }, { text: keepCommand(keep.first, keep.last), tone: 'strong' }];
}

/** Step by step, verified and undoable, unlike a bare patch. */
export function keepCommand(first: number, last: number): string {
  return `portolan apply --nat-port-range ${first}:${last}`;
}

function gapLines({ gaps }: Preflight, style: Style): Line[] {
  const shown = gaps.slice(0, GAPS_SHOWN).map(({ what, why }) => `${what} (${why})`);
  const rest = gaps.length - shown.length;
  const texts = rest > 0 ? [...shown, `${formatCount(rest, 'more thing')} (-o json has all)`] : shown;
  return texts.flatMap((text) =>
    wrapText(text, { width: style.width, first: 'Not seen: ', indent: 10 }).map((line) => ({ text: line })),
  );
}

function paragraph(text: string, style: Style): Line[] {
  return wrapText(text, { width: style.width, indent: 2 }).map((line) => ({ text: line }));
}
