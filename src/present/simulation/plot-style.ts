// How plots look, in light and in dark: plain CSS that old renderers understand, with the dark half in a media query.

/** Okabe and Ito's colours, told apart also without full colour sight; dashes tell lines apart without any colour. */
export const PLOT_LINES = [
  { light: '#0072b2', dark: '#56b4e9', dash: 'none' },
  { light: '#d55e00', dark: '#e69f00', dash: '8 3' },
  { light: '#007a5a', dark: '#2ecc9b', dash: '2 3' },
  { light: '#a3457d', dark: '#e5a5cc', dash: '10 3 2 3' },
  { light: '#5b5b00', dark: '#f0e442', dash: '4 2' },
  { light: '#444444', dark: '#bbbbbb', dash: '12 4' },
  { light: '#7a3b00', dark: '#d9a066', dash: '1 3' },
  { light: '#2c2c9c', dark: '#9a9aff', dash: '6 2 2 2 2 2' },
] as const;

interface Inks {
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly paper: string;
}

const LIGHT: Inks = { ink: '#1b1b1b', faint: '#5f5f5f', grid: '#dcdcdc', paper: '#ffffff' };
const DARK: Inks = { ink: '#ececec', faint: '#a9a9a9', grid: '#3a3a3a', paper: '#16181b' };

/** The contents of a style element. */
export const PLOT_STYLE = [
  'svg{font:13px system-ui,sans-serif}.title{font-size:18px;font-weight:600}.middle{text-anchor:middle}.end{text-anchor:end}',
  '.limit{stroke-dasharray:2 4;fill:none}.event{stroke-dasharray:4 4}.line{fill:none;stroke-width:2;stroke-linejoin:round}',
  PLOT_LINES.map(({ dash }, index) => `.s${index}{stroke-dasharray:${dash}}`).join(''),
  inkStyle(
    LIGHT,
    PLOT_LINES.map(({ light }) => light),
  ),
  `@media(prefers-color-scheme:dark){${inkStyle(
    DARK,
    PLOT_LINES.map(({ dark }) => dark),
  )}}`,
].join('\n');

function inkStyle({ ink, faint, grid, paper }: Inks, lines: readonly string[]): string {
  const strokes = lines.map((stroke, index) => `.s${index}{stroke:${stroke}}`).join('');
  return `text{fill:${ink}}.faint{fill:${faint}}.paper{fill:${paper}}.grid{stroke:${grid}}.axis,.event{stroke:${faint}}.limit{stroke:${ink}}${strokes}`;
}
