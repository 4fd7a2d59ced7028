// The mark in front of a line, one column wide, with an ASCII twin for terminals without Unicode.
import type { Severity } from '../core/analysis/finding.ts';

export type Symbols = Readonly<Record<Severity, string>>;

export const UNICODE_SYMBOLS: Symbols = { critical: '✗', warning: '▲', info: '·', ok: '✓', unknown: '?' };

export const ASCII_SYMBOLS: Symbols = { critical: 'x', warning: '!', info: '-', ok: '+', unknown: '?' };
