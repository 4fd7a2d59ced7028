// All 65,536 ports as a grid: how full each stretch of ports is, where the range begins and ends, who else claims a port.
import type { ClaimInRange } from '../../core/analysis/diagnosis.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { PortSet } from '../../core/model/port-set.ts';
import type { Tone } from '../palette.ts';
import type { Symbols } from '../symbols.ts';
import { type ClaimMark, claimedCells } from './claimed-cells.ts';
import type { FrameLine, Span } from './frame-line.ts';

const PORTS = 65_536;

/** Eight parts a cell: the dots of a braille pattern, or as many steps of a bar. */
const PARTS = 8;

/** Braille dots by part: down the left column, then the right one, so that ports run from top left to bottom right. */
const DOTS = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80];
const BRAILLE = 0x2800;
const FULL = String.fromCodePoint(BRAILLE + 0xff);

/** Around the range. */
const [OPEN, CLOSE] = ['[', ']'];

export interface PortMapOptions {
  readonly occupied: PortSet;
  /** Undefined: not known, nothing is marked as outside. */
  readonly range: PortRange | undefined;
  /** Claims of the port space's protocol. */
  readonly claims: readonly ClaimInRange[];
  readonly symbols: Symbols;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly rows: MapRows;
}

export type MapRows = 4 | 8 | 16 | 32;

/** Cells in a row: as many as fit beside the label, the brackets and a margin. */
function cellsAcross(columns: number): number {
  return columns >= 138 ? 128 : columns >= 74 ? 64 : 32;
}

/** How many ports one cell stands for. */
export function portsPerCell({ columns, rows }: Pick<PortMapOptions, 'columns' | 'rows'>): number {
  return PORTS / (cellsAcross(columns) * rows);
}

/** One line per row, each with its first port before it; brackets stand around the range. */
export function portMapLines(options: PortMapOptions): readonly FrameLine[] {
  const across = cellsAcross(options.columns);
  const size = portsPerCell(options);
  const claimed = claimedCells(options.claims, size);
  const bounds = boundsOf(options.range, size);
  const context = { ...options, size, claimed, bounds, counts: options.occupied.countEach(size / PARTS) };
  const cells = Array.from({ length: across * options.rows }, (_, index) => cellOf(index, context));
  return Array.from({ length: options.rows }, (_, row) => {
    const first = row * across;
    const label = String(first * size).padStart(5);
    return mergeSpans([
      { text: `${label} `, tone: 'faint' },
      { text: bounds?.first === first ? OPEN : ' ' },
      ...cells.slice(first, first + across),
      { text: bounds?.last === first + across - 1 ? CLOSE : ' ' },
    ]);
  });
}

/** The first and last cell of the range. */
interface CellBounds {
  readonly first: number;
  readonly last: number;
}

function boundsOf(range: PortRange | undefined, size: number): CellBounds | undefined {
  return range === undefined
    ? undefined
    : { first: Math.floor(range.first / size), last: Math.floor(range.last / size) };
}

interface CellOptions extends PortMapOptions {
  readonly size: number;
  readonly claimed: ReadonlyMap<number, ClaimMark>;
  readonly bounds: CellBounds | undefined;
  /** Ports in use, PARTS figures a cell. */
  readonly counts: Uint16Array;
}

function cellOf(index: number, { symbols, size, claimed, bounds, counts }: CellOptions): Span {
  const mark = claimed.get(index);
  if (mark !== undefined) return { text: symbols.map[mark], tone: mark === 'hurts' ? 'critical' : 'info' };
  const parts = counts.subarray(index * PARTS, (index + 1) * PARTS);
  const used = sumOf(parts);
  const isOutside = bounds !== undefined && (index < bounds.first || index > bounds.last);
  if (used === 0) return isOutside ? outsideCell(index, bounds, symbols) : { text: symbols.map.free };
  const level = levelOf(used, size);
  const text = symbols.map.hasDots ? dotsOf(parts, level) : (symbols.bars[level] ?? '');
  return { text, tone: isOutside ? 'faint' : toneOf(used / size) };
}

/** A bracket where there is room for it: just before the range, or just after. */
function outsideCell(index: number, { first, last }: CellBounds, symbols: Symbols): Span {
  if (index === first - 1) return { text: OPEN };
  return index === last + 1 ? { text: CLOSE } : { text: symbols.map.outside, tone: 'faint' };
}

/** 1..8: any port in use shows; full means every port. */
function levelOf(used: number, size: number): number {
  return used >= size ? PARTS : Math.min(PARTS - 1, Math.max(1, Math.round((used / size) * PARTS)));
}

function sumOf(parts: Uint16Array): number {
  let sum = 0;
  for (const count of parts) sum += count;
  return sum;
}

/** As many dots as the cell is full, at its fullest places; of equally full ones the first. */
function dotsOf(parts: Uint16Array, level: number): string {
  if (level === PARTS) return FULL;
  let dots = 0;
  for (let count = 0; count < level; count += 1) dots |= DOTS[fullestWithout(parts, dots)] ?? 0;
  return String.fromCodePoint(BRAILLE + dots);
}

function fullestWithout(parts: Uint16Array, dots: number): number {
  let best = -1;
  for (let part = 0; part < PARTS; part += 1) {
    const isFree = (dots & (DOTS[part] ?? 0)) === 0;
    if (isFree && (best < 0 || (parts[part] ?? 0) > (parts[best] ?? 0))) best = part;
  }
  return best;
}

/** A stretch of ports that is full is no loss yet: a search goes on elsewhere. */
function toneOf(share: number): Tone | undefined {
  return share >= 0.85 ? 'warning' : undefined;
}

/** Neighbours of one tone as one piece: a map of 1,024 cells is a few dozen pieces. */
function mergeSpans(spans: readonly Span[]): FrameLine {
  const merged: { text: string; tone: Tone | undefined }[] = [];
  for (const { text, tone } of spans) {
    const last = merged.at(-1);
    if (last !== undefined && last.tone === tone) last.text += text;
    else merged.push({ text, tone });
  }
  return merged;
}
