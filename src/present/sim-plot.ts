// A simulation as an SVG picture: ports taken and packets dropped over time, one line per node and destination.
import { largestCapacity, capacitySteps } from './sim-capacity.ts';
import { formatInteger } from './number-text.ts';
import { countTicks, timeTicks } from './plot-axis.ts';
import { conclusionText } from './sim-verdict.ts';
import { clusterText, eventText, momentText } from './sim-words.ts';
import { svgElement, svgPoints, svgText } from './svg-text.ts';
import type { SimReport, SimSeries } from '../sim/sim-report.ts';

const WIDTH = 960;
const MOST_LINES = 8;
const LEFT = 80;
const RIGHT = 930;
const PORTS = { top: 96, bottom: 330 };
const DROPS = { top: 380, bottom: 500 };
const LEGEND_TOP = 552;
const LEGEND_COLUMN = 420;
const LEGEND_ROW = 20;
const LONGEST_LINE = 130;

/** Okabe and Ito's colours, told apart also without full colour sight; dashes tell lines apart without any colour. */
const LINES = [
  { light: '#0072b2', dark: '#56b4e9', dash: 'none' },
  { light: '#d55e00', dark: '#e69f00', dash: '8 3' },
  { light: '#007a5a', dark: '#2ecc9b', dash: '2 3' },
  { light: '#a3457d', dark: '#e5a5cc', dash: '10 3 2 3' },
  { light: '#5b5b00', dark: '#f0e442', dash: '4 2' },
  { light: '#444444', dark: '#bbbbbb', dash: '12 4' },
  { light: '#7a3b00', dark: '#d9a066', dash: '1 3' },
  { light: '#2c2c9c', dark: '#9a9aff', dash: '6 2 2 2 2 2' },
];

const STYLE = [
  'svg{--ink:#1b1b1b;--faint:#5f5f5f;--grid:#dcdcdc;--paper:#ffffff;font:13px system-ui,sans-serif}',
  `@media(prefers-color-scheme:dark){svg{--ink:#ececec;--faint:#a9a9a9;--grid:#3a3a3a;--paper:#16181b}${LINES.map(({ dark }, index) => `.s${index}{stroke:${dark}}`).join('')}}`,
  'text{fill:var(--ink)}.faint{fill:var(--faint)}.title{font-size:18px;font-weight:600}.paper{fill:var(--paper)}',
  '.grid{stroke:var(--grid)}.axis{stroke:var(--faint)}.limit{stroke:var(--ink);stroke-dasharray:2 4;fill:none}.event{stroke:var(--faint);stroke-dasharray:4 4}',
  '.line{fill:none;stroke-width:2;stroke-linejoin:round}',
];

/** The light colours come first, so that the dark ones above win where they apply. */
const LINE_STYLE = LINES.map(({ light, dash }, index) => `.s${index}{stroke:${light};stroke-dasharray:${dash}}`).join(
  '',
);

interface Panel {
  readonly top: number;
  readonly bottom: number;
  /** Value at the top. */
  readonly most: number;
  readonly endSeconds: number;
}

/** The whole picture; its text is safe to put anywhere SVG may stand. */
export function simulationSvg(report: SimReport): string {
  const { scenario, seconds } = report;
  const shown = report.series.slice(0, MOST_LINES);
  const endSeconds = Math.max(seconds.at(-1) ?? 0, 1e-9);
  const legendRows = Math.ceil((shown.length + (report.series.length > shown.length ? 1 : 0)) / 2);
  const height = LEGEND_TOP + legendRows * LEGEND_ROW + 12;
  const title = `${scenario.name} (simulated)`;
  return `${svgElement(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: 'img' },
    [
      svgText('title', {}, title),
      svgText('desc', {}, conclusionText(report).text),
      svgElement('style', {}, [LINE_STYLE, ...STYLE]),
      svgElement('rect', { class: 'paper', width: WIDTH, height }),
      svgText('text', { x: 20, y: 32, class: 'title' }, title),
      svgText('text', { x: 20, y: 54, class: 'faint' }, shorten(clusterText(scenario))),
      svgText('text', { x: 20, y: 74 }, shorten(conclusionText(report).text)),
      ...portsPanel(report, shown, endSeconds),
      ...dropsPanel(report, shown, endSeconds),
      ...legend(shown, report.series.length),
    ],
  )}\n`;
}

function portsPanel(report: SimReport, shown: readonly SimSeries[], endSeconds: number): string[] {
  const ticks = countTicks(Math.max(largestCapacity(report.scenario), ...shown.flatMap((line) => line.usedPorts)), 5);
  const panel = { ...PORTS, most: ticks.at(-1) ?? 1, endSeconds };
  return [
    ...frame(panel, ticks, 'ports taken'),
    ...eventMarks(report, panel),
    limitLine(report, panel),
    ...shown.map((line, index) => lineOf(line.usedPorts, { index, panel, seconds: report.seconds })),
  ];
}

function dropsPanel(report: SimReport, shown: readonly SimSeries[], endSeconds: number): string[] {
  const ticks = countTicks(Math.max(0, ...shown.flatMap((line) => line.drops)), 3);
  const panel = { ...DROPS, most: ticks.at(-1) ?? 1, endSeconds };
  const label = `packets dropped per ${momentText(report.scenario.sampleSeconds)}`;
  return [
    ...frame(panel, ticks, label),
    ...shown.map((line, index) => lineOf(line.drops, { index, panel, seconds: report.seconds })),
    svgText(
      'text',
      { x: (LEFT + RIGHT) / 2, y: DROPS.bottom + 38, 'text-anchor': 'middle', class: 'faint' },
      'time since the start',
    ),
  ];
}

function frame(panel: Panel, ticks: readonly number[], label: string): string[] {
  return [
    svgText('text', { x: LEFT, y: panel.top - 8, class: 'faint' }, label),
    ...ticks.flatMap((tick) => [
      svgElement('line', {
        x1: LEFT,
        x2: RIGHT,
        y1: yOf(tick, panel),
        y2: yOf(tick, panel),
        class: tick === 0 ? 'axis' : 'grid',
      }),
      svgText('text', { x: LEFT - 8, y: yOf(tick, panel) + 4, 'text-anchor': 'end' }, formatInteger(tick)),
    ]),
    ...timeTicks(panel.endSeconds, 8).map((tick) =>
      svgText('text', { x: xOf(tick, panel), y: panel.bottom + 18, 'text-anchor': 'middle' }, momentText(tick)),
    ),
  ];
}

/** The ports that the range has, in steps where an event changes it. */
function limitLine({ scenario }: SimReport, panel: Panel): string {
  const steps = capacitySteps(scenario);
  const points = steps.flatMap(({ fromSeconds, ports }, index): [number, number][] => {
    const until = Math.min(steps[index + 1]?.fromSeconds ?? panel.endSeconds, panel.endSeconds);
    return fromSeconds > panel.endSeconds
      ? []
      : [
          [xOf(fromSeconds, panel), yOf(ports, panel)],
          [xOf(until, panel), yOf(ports, panel)],
        ];
  });
  return svgElement('polyline', { class: 'limit', points: svgPoints(points) }, [
    svgText('title', {}, 'ports in the range'),
  ]);
}

function eventMarks({ scenario }: SimReport, panel: Panel): string[] {
  return scenario.events
    .filter(({ atSeconds }) => atSeconds <= panel.endSeconds)
    .slice(0, 20)
    .map((event) => {
      const x = xOf(event.atSeconds, panel);
      return svgElement('line', { x1: x, x2: x, y1: panel.top, y2: DROPS.bottom, class: 'event' }, [
        svgText('title', {}, `${momentText(event.atSeconds)} ${eventText(event)}`),
      ]);
    });
}

function lineOf(
  values: readonly number[],
  { index, panel, seconds }: { index: number; panel: Panel; seconds: readonly number[] },
): string {
  const points = values.map((value, sample): [number, number] => [xOf(seconds[sample] ?? 0, panel), yOf(value, panel)]);
  return svgElement('polyline', { class: `line s${index}`, points: svgPoints(points) });
}

function legend(shown: readonly SimSeries[], all: number): string[] {
  const more = all > shown.length ? [`and ${formatInteger(all - shown.length)} cooler ones, not drawn`] : [];
  const labels = [...shown.map(({ node, destination }) => `${node}, ${destination}`), ...more];
  return labels.flatMap((label, index) => {
    const x = LEFT + (index % 2) * LEGEND_COLUMN;
    const y = LEGEND_TOP + Math.floor(index / 2) * LEGEND_ROW;
    const mark =
      index < shown.length
        ? [svgElement('line', { x1: x, x2: x + 34, y1: y - 4, y2: y - 4, class: `line s${index}` })]
        : [];
    return [...mark, svgText('text', { x: x + 44, y }, label)];
  });
}

function xOf(seconds: number, { endSeconds }: Panel): number {
  return LEFT + (seconds / endSeconds) * (RIGHT - LEFT);
}

function yOf(value: number, { top, bottom, most }: Panel): number {
  return bottom - (value / most) * (bottom - top);
}

function shorten(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE - 3)}...`;
}
