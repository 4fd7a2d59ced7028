// A simulation as an SVG picture: ports taken and packets dropped over time, one line per node and destination.
import { formatInteger } from '../number-text.ts';
import { countTicks, timeTicks } from './plot-axis.ts';
import { type PlotPanel, panelFrame, panelLine, panelX, panelY, PLOT_LEFT, PLOT_RIGHT } from './plot-panel.ts';
import { PLOT_LINES, PLOT_STYLE } from './plot-style.ts';
import { capacitySteps, largestCapacity } from './sim-capacity.ts';
import { conclusionText } from './sim-verdict.ts';
import { clusterText, eventText, momentText } from './sim-words.ts';
import { svgElement, svgPoints, svgText } from './svg-text.ts';
import { wrapText } from '../wrap-text.ts';
import type { SimEvent } from '../../sim/sim-scenario.ts';
import type { SimReport, SimSeries } from '../../sim/sim-report.ts';

const WIDTH = 960;
const MOST_LINES = PLOT_LINES.length;
const MOST_EVENTS = 12;
const HEAD_COLUMNS = 125;
const HEAD_TOP = 54;
const ROW = 19;
const PORTS_HEIGHT = 236;
const DROPS_HEIGHT = 118;
const LEGEND_COLUMN = 430;

/** The whole picture; its text is safe wherever SVG may stand. */
export function simulationSvg(report: SimReport): string {
  const { scenario, seconds } = report;
  const shown = report.series.slice(0, MOST_LINES);
  const title = `${scenario.name} (simulated)`;
  const head = headLines(report);
  const endSeconds = Math.max(seconds.at(-1) ?? 0, 1e-9);
  const ports = portsPanel(report, { shown, top: HEAD_TOP + head.length * ROW + 30, endSeconds });
  const drops = dropsPanel({ shown, top: ports.bottom + 62, endSeconds });
  const events = scenario.events.filter(({ atSeconds }) => atSeconds <= endSeconds).slice(0, MOST_EVENTS);
  const legend = legendOf(report, { shown, events, top: drops.bottom + 72 });
  const parts = [
    svgText('title', {}, title),
    svgText('desc', {}, conclusionText(report).text),
    svgElement('style', {}, [PLOT_STYLE]),
    svgElement('rect', { class: 'paper', width: WIDTH, height: legend.bottom }),
    svgText('text', { x: 20, y: 32, class: 'title' }, title),
    ...head.map((line, index) => svgText('text', { x: 20, y: HEAD_TOP + index * ROW }, line)),
    ...panelFrame(ports, 'ports taken'),
    ...panelFrame(drops, `packets dropped per ${momentText(scenario.sampleSeconds)}`),
    ...eventMarks(events, ports, drops),
    limitLine(report, ports),
    ...shown.map(({ usedPorts }, index) => panelLine(usedPorts, { index, panel: ports, seconds })),
    ...shown.map((line, index) => panelLine(line.drops, { index, panel: drops, seconds })),
    svgText(
      'text',
      { x: (PLOT_LEFT + PLOT_RIGHT) / 2, y: drops.bottom + 40, class: 'middle faint' },
      'time since the start',
    ),
    ...legend.parts,
  ];
  const size = { viewBox: `0 0 ${WIDTH} ${legend.bottom}`, width: WIDTH, height: legend.bottom };
  return `${svgElement('svg', { xmlns: 'http://www.w3.org/2000/svg', ...size, role: 'img' }, parts)}\n`;
}

function headLines(report: SimReport): string[] {
  return [clusterText(report.scenario), conclusionText(report).text].flatMap((text) =>
    wrapText(text, { width: HEAD_COLUMNS }),
  );
}

interface PanelPlace {
  readonly shown: readonly SimSeries[];
  readonly top: number;
  readonly endSeconds: number;
}

function portsPanel({ scenario }: SimReport, { shown, top, endSeconds }: PanelPlace): PlotPanel {
  const most = highest([largestCapacity(scenario), ...shown.map(({ usedPorts }) => highest(usedPorts))]);
  return { top, bottom: top + PORTS_HEIGHT, ticks: countTicks(most, 5), times: timeTicks(endSeconds, 8), endSeconds };
}

function dropsPanel({ shown, top, endSeconds }: PanelPlace): PlotPanel {
  const most = highest(shown.map(({ drops }) => highest(drops)));
  return { top, bottom: top + DROPS_HEIGHT, ticks: countTicks(most, 3), times: timeTicks(endSeconds, 8), endSeconds };
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The ports that the range has, in steps where an event changes it. */
function limitLine({ scenario }: SimReport, panel: PlotPanel): string {
  const steps = capacitySteps(scenario).filter(({ fromSeconds }) => fromSeconds <= panel.endSeconds);
  const points = steps.flatMap(({ fromSeconds, ports }, index): [number, number][] => {
    const until = steps[index + 1]?.fromSeconds ?? panel.endSeconds;
    return [
      [panelX(fromSeconds, panel), panelY(ports, panel)],
      [panelX(until, panel), panelY(ports, panel)],
    ];
  });
  return svgElement('polyline', { class: 'limit', points: svgPoints(points) });
}

/** A numbered line through both panels; the legend says what the number is. */
function eventMarks(events: readonly SimEvent[], ports: PlotPanel, drops: PlotPanel): string[] {
  return events.flatMap((event, index) => {
    const x = panelX(event.atSeconds, ports);
    return [
      svgElement('line', { x1: x, x2: x, y1: ports.top, y2: drops.bottom, class: 'event' }),
      svgText('text', { x, y: ports.top - 6, class: 'middle' }, String(index + 1)),
    ];
  });
}

interface LegendPlace {
  readonly shown: readonly SimSeries[];
  readonly events: readonly SimEvent[];
  readonly top: number;
}

/** Lines on the left, numbered events on the right. */
function legendOf(report: SimReport, { shown, events, top }: LegendPlace): { parts: string[]; bottom: number } {
  const cooler = report.series.length - shown.length;
  const lines = [
    { text: 'ports in the range', line: 'limit' },
    ...shown.map(({ node, destination }, index) => ({ text: `${node}, ${destination}`, line: `line s${index}` })),
    ...(cooler > 0 ? [{ text: `${formatInteger(cooler)} cooler ones are not drawn`, line: '' }] : []),
  ];
  const y = (row: number): number => top + row * ROW;
  const parts = [
    ...lines.flatMap(({ text, line }, row) => [
      ...(line === ''
        ? []
        : [svgElement('line', { x1: PLOT_LEFT, x2: PLOT_LEFT + 34, y1: y(row) - 4, y2: y(row) - 4, class: line })]),
      svgText('text', { x: PLOT_LEFT + 44, y: y(row) }, text),
    ]),
    ...events.map((event, row) =>
      svgText(
        'text',
        { x: PLOT_LEFT + LEGEND_COLUMN, y: y(row) },
        `${row + 1}: ${momentText(event.atSeconds)} ${eventText(event)}`,
      ),
    ),
  ];
  return { parts, bottom: y(Math.max(lines.length, events.length)) };
}
