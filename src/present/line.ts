// One line of a page before colour: layout counts plain characters, so colour is put on last.
import type { Palette, Tone } from './palette.ts';

export interface Line {
  readonly text: string;
  /** How many leading characters carry the tone; all of them when absent. */
  readonly tonedCharacters?: number;
  readonly tone?: Tone;
}

/** Lines as printed text, each ended by a newline. */
export function paintLines(lines: readonly Line[], palette: Palette): string {
  return lines.map((line) => `${paint(line, palette)}\n`).join('');
}

/** Names come from processes, rules and files: a control character in one must not reach the terminal; a tab may. */
function paint(line: Line, palette: Palette): string {
  const text = line.text.trimEnd().replaceAll(/[^\P{Cc}\t]/gu, '?');
  if (line.tone === undefined) return text;
  const end = Math.min(line.tonedCharacters ?? text.length, text.length);
  return palette[line.tone](text.slice(0, end)) + text.slice(end);
}
