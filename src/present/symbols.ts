// The mark in front of a line, one column wide, the bars of small charts and the marks of the port map, with an ASCII twin for terminals without Unicode.
import type { Severity } from '../core/analysis/finding.ts';

export interface Symbols extends Readonly<Record<Severity, string>> {
  /** Empty to full. */
  readonly bars: readonly string[];
  /** Marks of the port map. */
  readonly map: {
    /** Whether braille patterns can be shown; bars stand in for them. */
    readonly hasDots: boolean;
    readonly free: string;
    readonly outside: string;
    readonly hurts: string;
    readonly harmless: string;
  };
  /** Stands where text was cut. */
  readonly ellipsis: string;
}

export const UNICODE_SYMBOLS: Symbols = {
  critical: '✗',
  warning: '▲',
  info: '·',
  ok: '✓',
  unknown: '?',
  bars: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  map: { hasDots: true, free: ' ', outside: '·', hurts: '◆', harmless: '◇' },
  ellipsis: '…',
};

export const ASCII_SYMBOLS: Symbols = {
  critical: 'x',
  warning: '!',
  info: '-',
  ok: '+',
  unknown: '?',
  bars: [' ', '.', ':', '-', '=', '+', '*', '#', '@'],
  map: { hasDots: false, free: ' ', outside: '_', hurts: '!', harmless: 'o' },
  ellipsis: '~',
};
