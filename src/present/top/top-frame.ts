// One whole screen of the live view. Pure: state, size and style in, as many painted lines as the screen has rows out.
import type { PortSet } from '../../core/model/port-set.ts';
import { claimSummary } from './claim-summary.ts';
import { formatCount, formatInteger } from '../number-text.ts';
import type { Style } from '../style.ts';
import { type FrameLine, clipText, lineOf, paintFrameLine } from './frame-line.ts';
import type { NodeLook, SpaceLine } from './node-look.ts';
import { type MapRows, portMapLines, portsPerCell } from './port-map.ts';
import { headerLines } from './top-header.ts';
import { helpLines } from './top-help.ts';
import { shownRows, tableLines } from './top-rows.ts';
import { type TopState, subjectOf } from './top-state.ts';
import { wereFlowsUnread } from './were-flows-unread.ts';

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

export interface FrameOptions {
  /** False for a frame that nobody can type at: no cursor, no keys, no empty lines. */
  readonly isLive?: boolean;
}

const NARROWEST = 60;
const LOWEST = 14;
/** Table rows that the map must leave. */
const FEWEST_ROWS = 8;
const MAP_ROWS: readonly MapRows[] = [16, 8, 4];
const KEYS = 'Enter open  Esc back  / filter  s sort  p pause  ? keys  q quit';

/** The screen as lines that each fit the width. */
export function topFrame(
  state: TopState,
  size: FrameSize,
  { style, isLive = true }: FrameOptions & { readonly style: Style },
): readonly string[] {
  const { columns: width, rows } = size;
  const paint = { width, palette: style.palette, ellipsis: style.symbols.ellipsis };
  return frameLines(state, size, { style, isLive })
    .slice(0, rows)
    .map((line) => paintFrameLine(line, paint));
}

type Options = Required<FrameOptions> & { readonly style: Style };

function frameLines(state: TopState, { columns, rows }: FrameSize, { style, isLive }: Options): readonly FrameLine[] {
  if (columns < NARROWEST || rows < LOWEST)
    return [lineOf(`${columns}x${rows} is too small, wanted ${NARROWEST}x${LOWEST}`), lineOf('q quits')];
  if (state.isHelpShown)
    return padTo([...helpLines({ columns, style })], rows - 1, lineOf('any key goes back  q quit', 'faint'));
  const header = headerLines(state, { columns, style, isLive });
  const room = rows - header.length - (isLive ? 2 : 0);
  const map = mapBlock(state, { columns, room: room - FEWEST_ROWS - 1, style });
  const height = room - map.length;
  const table = tableLines(state, { columns, height, style, hasCursor: isLive });
  const body = [...header, ...map, ...table];
  if (!isLive) return body;
  return padTo(body, rows - 2, summaryLine(state, { columns, height, style }), lineOf(KEYS, 'faint'));
}

/** The last lines stay at the bottom of the screen. */
function padTo(lines: readonly FrameLine[], rows: number, ...last: readonly FrameLine[]): readonly FrameLine[] {
  const filled = Array.from({ length: rows }, (_, row) => lines[row] ?? lineOf(''));
  return [...filled, ...last];
}

interface SummaryOptions {
  readonly columns: number;
  readonly height: number;
  readonly style: Style;
}

/** `1-12 of 3,120 port spaces  sort: worst first  filter: 443`. */
function summaryLine(state: TopState, { columns, height, style }: SummaryOptions): FrameLine {
  const { table, screen, filterBefore } = state;
  const { first, end } = shownRows(state, height);
  const count = formatCount(table.rows.length, table.noun);
  const hidden = table.total - table.rows.length;
  const parts = [
    table.rows.length === 0 ? nothingText(state) : `${formatInteger(first + 1)}-${formatInteger(end)} of ${count}`,
    hidden > 0 ? `${formatInteger(hidden)} filtered out` : '',
    table.unlisted > 0 ? `${formatInteger(table.unlisted)} more not listed` : '',
    `sort: ${table.sort}`,
  ].filter((part) => part !== '');
  const isTyping = filterBefore !== undefined;
  const filter = isTyping || screen.filter !== '' ? `  filter: ${screen.filter}${isTyping ? '_' : ''}` : '';
  const left = clipText(parts.join('  '), { width: columns - filter.length, ellipsis: style.symbols.ellipsis });
  return [
    { text: left, tone: 'faint' },
    { text: filter, tone: 'strong' },
  ];
}

/** None seen is not none there. */
function nothingText({ snapshot, table, screen: { place } }: TopState): string {
  const { look } = subjectOf(snapshot, place);
  if (place.kind !== 'nodes' && look === undefined) return `no ${table.noun} seen yet`;
  return `no ${table.noun}${look !== undefined && wereFlowsUnread(look.diagnosis) ? ' could be read' : ''}`;
}

interface MapOptions {
  readonly columns: number;
  /** Lines that the map and its caption may take. */
  readonly room: number;
  readonly style: Style;
}

/** The map of the port space that is looked at, as high as fits; nothing where there is none. */
function mapBlock(state: TopState, { columns, room, style }: MapOptions): readonly FrameLine[] {
  const subject = mapSubject(state);
  if (subject === undefined) return [];
  const { line, look, occupied } = subject;
  const claims = look.diagnosis.claims.filter(({ claim }) => claim.protocol === line.portSpace.protocol);
  const claimed = claimSummary(claims, style);
  const rows = MAP_ROWS.find((wanted) => wanted + 1 + claimed.length <= room);
  if (rows === undefined) return [];
  const { symbols } = style;
  const range = line.effective?.range;
  return [
    captionLine(subject, portsPerCell({ columns, rows })),
    ...portMapLines({ occupied, range, claims, symbols, columns, rows }),
    ...claimed,
  ];
}

interface MapSubject {
  readonly look: NodeLook;
  readonly line: SpaceLine;
  readonly occupied: PortSet;
  /** Undefined: all. */
  readonly holder?: string;
}

/** In a list of destinations the map follows the chosen one; of a source it shows that source's ports. */
function mapSubject({ snapshot, screen: { place, chosen } }: TopState): MapSubject | undefined {
  if (place.kind === 'nodes') return undefined;
  const { look } = subjectOf(snapshot, place);
  const key = place.kind === 'spaces' ? chosen : place.space;
  const line = look?.spaces.find((space) => space.key === key);
  const holding = line === undefined ? undefined : look?.holdingOf(line);
  if (look === undefined || line === undefined || holding === undefined) return undefined;
  if (place.kind !== 'ports') return { look, line, occupied: holding.occupied };
  const holder = look.nameOf(place.source) ?? place.source;
  return { look, line, occupied: holding.occupiedBy(place.source), holder };
}

function captionLine({ line: { name, effective }, holder }: MapSubject, perCell: number): FrameLine {
  const range = effective === undefined ? 'range not known' : `range ${effective.range.first}-${effective.range.last}`;
  const whose = holder === undefined ? `Ports towards ${name}` : `Ports of ${holder} towards ${name}`;
  return [{ text: whose, tone: 'strong' }, { text: `  ${range}, ${perCell} ports a cell` }];
}
