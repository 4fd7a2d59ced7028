// One line of the live view: pieces of text, each with its tone; cleaned, clipped to the width and painted last.
import type { Palette, Tone } from '../palette.ts';

export interface Span {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

export type FrameLine = readonly Span[];

export interface PaintOptions {
  readonly width: number;
  readonly palette: Palette;
  /** Stands where text was cut. */
  readonly ellipsis: string;
}

/** A line of one tone, or of none. */
export function lineOf(text: string, tone?: Tone): FrameLine {
  return [{ text, tone }];
}

/** Text cut to a width, with a mark where something is missing. */
export function clipText(
  text: string,
  { width, ellipsis }: { readonly width: number; readonly ellipsis: string },
): string {
  if (text.length <= width) return text;
  return width < ellipsis.length
    ? text.slice(0, Math.max(0, width))
    : text.slice(0, width - ellipsis.length) + ellipsis;
}

/** Names come from processes, rules and files: a control character in one must not reach the terminal. */
export function paintFrameLine(line: FrameLine, { width, palette, ellipsis }: PaintOptions): string {
  let room = width;
  let total = line.reduce((sum, { text }) => sum + text.length, 0);
  let painted = '';
  for (const { text, tone } of line) {
    const isCut = total > room;
    const shown = isCut && text.length >= room ? clipText(text.padEnd(room + 1), { width: room, ellipsis }) : text;
    painted += paint(shown.replaceAll(/\p{Cc}/gu, '?'), tone, palette);
    room -= shown.length;
    total -= text.length;
    if (room <= 0) break;
  }
  return painted.trimEnd();
}

function paint(text: string, tone: Tone | undefined, palette: Palette): string {
  return tone === undefined ? text : palette[tone](text);
}
