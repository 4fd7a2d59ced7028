// Colour as functions from text to text. Colour adds to a symbol and a word, it never carries the meaning alone.

/** What a piece of text is, never which colour it has. */
export type Tone = 'critical' | 'warning' | 'info' | 'ok' | 'unknown' | 'strong' | 'faint';

export type Palette = Readonly<Record<Tone, (text: string) => string>>;

const same = (text: string): string => text;

/** No colour: for pipes, files, NO_COLOR and TERM=dumb. */
export const PLAIN_PALETTE: Palette = {
  critical: same,
  warning: same,
  info: same,
  ok: same,
  unknown: same,
  strong: same,
  faint: same,
};

/** ECMA-48 SGR colours of the 8-colour set, which every terminal theme adapts. */
export const ANSI_PALETTE: Palette = {
  critical: sgr('1;31'),
  warning: sgr('33'),
  info: sgr('36'),
  ok: sgr('32'),
  unknown: sgr('35'),
  strong: sgr('1'),
  faint: sgr('2'),
};

function sgr(code: string): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`);
}
