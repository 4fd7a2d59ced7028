// Decides how pages look here: colour, marks and width from flags, environment and terminal, in that order.
import { ANSI_PALETTE, PLAIN_PALETTE } from '../present/palette.ts';
import type { Style } from '../present/style.ts';
import { ASCII_SYMBOLS, UNICODE_SYMBOLS } from '../present/symbols.ts';
import { programNameOf } from './program-name.ts';
import type { Surroundings } from './surroundings.ts';

const WIDTH_WITHOUT_TERMINAL = 100;
const NARROWEST = 60;
const WIDEST = 120;

export type ColorChoice = 'auto' | 'always' | 'never';

/** The style for stdout. */
export function styleOf(surroundings: Surroundings, { color, ascii }: { color: ColorChoice; ascii: boolean }): Style {
  const { stdout, variables } = surroundings;
  const isDumb = variables['TERM'] === 'dumb';
  const mayColor = stdout.isTerminal && !isDumb && (variables['NO_COLOR'] ?? '') === '';
  const hasColor = color === 'always' || (color === 'auto' && mayColor);
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, stdout.columns ?? WIDTH_WITHOUT_TERMINAL)),
    palette: hasColor ? ANSI_PALETTE : PLAIN_PALETTE,
    symbols: ascii || isDumb || !speaksUnicode(variables) ? ASCII_SYMBOLS : UNICODE_SYMBOLS,
    programName: programNameOf(surroundings.startedAs),
    docsFolder: surroundings.docsFolder,
  };
}

/** The first of them that is set decides, as in setlocale(3). None set says nothing: containers seldom set any. */
function speaksUnicode(variables: Surroundings['variables']): boolean {
  const locale = [variables['LC_ALL'], variables['LC_CTYPE'], variables['LANG']].find((value) => (value ?? '') !== '');
  return locale === undefined || /utf-?8/i.test(locale);
}
