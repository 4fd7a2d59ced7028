// The mark in front of a line, one column wide, and the bars of small charts, with an ASCII twin for terminals without Unicode.
import type { Severity } from '../core/analysis/finding.ts';

export interface Symbols extends Readonly<Record<Severity, string>> {
  /** Empty to full. */
  readonly bars: readonly string[];
}

export const UNICODE_SYMBOLS: Symbols = {
  critical: '✗',
  warning: '▲',
  info: '·',
  ok: '✓',
  unknown: '?',
  bars: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

export const ASCII_SYMBOLS: Symbols = {
  critical: 'x',
  warning: '!',
  info: '-',
  ok: '+',
  unknown: '?',
  bars: [' ', '.', ':', '-', '=', '+', '*', '#', '@'],
};
