// A simulation on one screen: destinations worst first, the hottest nodes, ports over time, what it came to, what to type next.
import { layoutColumns } from './column-layout.ts';
import { type Line, paintLines } from './line.ts';
import { formatInteger } from './number-text.ts';
import { formatShare } from './share-text.ts';
import { capacitySteps } from './sim-capacity.ts';
import { chartRow } from './sim-chart.ts';
import { conclusionText, type JudgedDestination, judgeDestinations } from './sim-verdict.ts';
import { clusterText, eventText, momentText, remoteText } from './sim-words.ts';
import { commandText, type Style } from './style.ts';
import { wrapSegments, wrapText } from './wrap-text.ts';
import type { SimNodeTotals, SimReport, SimSeries } from '../sim/sim-report.ts';

const MOST_DESTINATIONS = 6;
const MOST_NODES = 3;
const MOST_CHARTS = 3;
const MOST_EVENTS = 6;
const WIDEST_CHART = 60;

export interface SimPageOptions {
  readonly style: Style;
  /** The next command worth typing, starting with `portolan`. */
  readonly next: string;
}

/** The whole screen. */
export function formatSimulation(report: SimReport, { style, next }: SimPageOptions): string {
  const { severity, text } = conclusionText(report);
  const lines: Line[] = [
    ...headLines(report, style),
    { text: '' },
    ...destinationLines(judgeDestinations(report), style),
    { text: '' },
    ...nodeLines(report, style),
    { text: '' },
    ...chartLines(report, style),
    { text: '' },
    ...wrapText(text, { width: style.width, first: `${style.symbols[severity]} ` }).map(
      (line, index): Line => (index === 0 ? { text: line, tone: severity, tonedCharacters: 1 } : { text: line }),
    ),
    { text: '' },
    { text: `Next: ${commandText(next, style)}`, tone: 'strong' },
  ];
  return paintLines(lines, style.palette);
}

function headLines({ scenario, seconds }: SimReport, { width }: Style): Line[] {
  const { name, story, seed } = scenario;
  const simulated = `${momentText(seconds.at(-1) ?? 0)} simulated, seed ${seed}`;
  return [
    ...wrapText(`${name}  simulated: ${clusterText(scenario)}; ${simulated}`, { width, indent: 2 }).map(
      (text, index): Line => (index === 0 ? { text, tone: 'strong', tonedCharacters: name.length } : { text }),
    ),
    ...(story === undefined ? [] : wrapText(story, { width, first: '  ' })).map(
      (text): Line => ({ text, tone: 'faint' }),
    ),
  ];
}

const LATE_HEADS = ['LATE 1 s', '2 s', '3 s', '4 s+'];

function destinationLines(judged: readonly JudgedDestination[], style: Style): Line[] {
  const shown = judged.slice(0, MOST_DESTINATIONS);
  const rows = shown.map(({ destination, totals, severity }) => [
    `${style.symbols[severity]} ${destination.name}`,
    remoteText(destination),
    formatInteger(totals.attempts),
    totals.attempts === 0 ? '-' : formatShare(totals.atOnce / totals.attempts),
    ...lateCells(totals.lateBySecond),
    formatInteger(totals.failed),
    formatInteger(totals.drops + totals.tableFullDrops),
  ]);
  const head = ['  DESTINATION', '', 'ATTEMPTS', 'AT ONCE', ...LATE_HEADS, 'FAILED', 'DROPPED'];
  const lines = fittingColumns([head, ...rows], style.width);
  const left = judged.length - shown.length;
  return [
    ...lines.map((text, index): Line => {
      const severity = shown[index - 1]?.severity;
      return severity === undefined ? { text, tone: 'faint' } : { text, tone: severity, tonedCharacters: 1 };
    }),
    ...(left > 0 ? [{ text: `  and ${formatInteger(left)} more, none worse` }] : []),
  ];
}

/** Without the addresses where they leave no room: the names say which destination it is. */
function fittingColumns(rows: readonly (readonly string[])[], width: number): string[] {
  const numbers = (from: number): number[] => (rows[0] ?? []).map((_, index) => index).slice(from);
  const full = layoutColumns(rows, { right: numbers(2) });
  if (full.every((line) => line.length <= width)) return full;
  return layoutColumns(
    rows.map((row) => row.toSpliced(1, 1)),
    { right: numbers(1) },
  );
}

/** Connects by whole seconds of delay; the last cell counts 4 s and more. */
function lateCells(lateBySecond: readonly number[]): string[] {
  const rest = lateBySecond.slice(LATE_HEADS.length).reduce((sum, count) => sum + count, 0);
  return [...[1, 2, 3].map((second) => lateBySecond[second] ?? 0), rest].map((count) =>
    count === 0 ? '-' : formatInteger(count),
  );
}

function nodeLines({ nodes }: SimReport, style: Style): Line[] {
  const sorted = [...nodes].sort((left, right) => right.drops - left.drops || share(right) - share(left));
  const shown = sorted.slice(0, MOST_NODES);
  const rows = shown.map((node) => [
    `${style.symbols[node.drops > 0 ? 'critical' : 'ok']} ${node.node}`,
    node.hottest,
    `${formatInteger(node.peakPorts)} of ${formatInteger(node.capacityPorts)}`,
    formatShare(share(node)),
    momentText(node.peakAtSeconds),
    formatInteger(node.drops),
  ]);
  const head = ['  NODE', 'HOTTEST', 'PORTS AT THE PEAK', '', 'AT', 'DROPPED'];
  const lines = layoutColumns([head, ...rows], { right: [2, 3, 4, 5] });
  const left = sorted.length - shown.length;
  const rest = `  and ${formatInteger(left)} more, none above ${formatShare(Math.max(0, ...sorted.slice(MOST_NODES).map(share)))}`;
  return [
    ...lines.map((text, index): Line => (index === 0 ? { text, tone: 'faint' } : { text })),
    ...(left > 0 ? [{ text: rest }] : []),
  ];
}

function share({ peakPorts, capacityPorts }: SimNodeTotals): number {
  return peakPorts / Math.max(1, capacityPorts);
}

function chartLines(report: SimReport, style: Style): Line[] {
  const shown = report.series.slice(0, MOST_CHARTS);
  const end = report.seconds.at(-1) ?? 0;
  const labels = shown.map(({ node, destination }) => `${node} ${destination}`);
  const labelWidth = Math.max(7, ...labels.map((label) => label.length));
  const width = Math.max(10, Math.min(WIDEST_CHART, style.width - labelWidth - 24));
  const events = eventTexts(report);
  return [
    { text: `Ports taken (share of the range) and packets dropped, from 0s to ${momentText(end)}:`, tone: 'faint' },
    ...shown.flatMap((series, index) =>
      seriesLines(series, { report, style, width, label: (labels[index] ?? '').padEnd(labelWidth) }),
    ),
    ...(events.length === 0 ? [] : wrapSegments(events, { width: style.width, first: 'Events: ' })).map(
      (text): Line => ({ text }),
    ),
  ];
}

interface SeriesPlace {
  readonly report: SimReport;
  readonly style: Style;
  readonly width: number;
  readonly label: string;
}

/** Ports of the range in force at each sample. */
function capacitiesAt({ scenario, seconds }: SimReport): number[] {
  const steps = capacitySteps(scenario);
  return seconds.map((at) => steps.findLast(({ fromSeconds }) => fromSeconds < at)?.ports ?? 1);
}

/** The dropped row appears only where something was dropped. */
function seriesLines(series: SimSeries, { report, style, width, label }: SeriesPlace): Line[] {
  const { bars } = style.symbols;
  const capacities = capacitiesAt(report);
  const shares = series.usedPorts.map((used, index) => used / (capacities[index] ?? 1));
  const highest = Math.max(0, ...shares);
  const peak = series.usedPorts[shares.indexOf(highest)] ?? 0;
  const used = chartRow(shares, { width, full: 1, bars });
  const most = Math.max(0, ...series.drops);
  const dropped = series.drops.reduce((sum, count) => sum + count, 0);
  return [
    { text: `${label}  |${used}|  ${formatInteger(peak)} (${formatShare(highest)})` },
    ...(most === 0
      ? []
      : [
          {
            text: `${'dropped'.padStart(label.length)}  |${chartRow(series.drops, { width, full: most, bars })}|  ${formatInteger(dropped)}`,
          },
        ]),
  ];
}

function eventTexts({ scenario: { events } }: SimReport): string[] {
  const texts = events.slice(0, MOST_EVENTS).map((event) => `${momentText(event.atSeconds)} ${eventText(event)};`);
  const left = events.length - texts.length;
  return left > 0
    ? [...texts, `and ${formatInteger(left)} more`]
    : texts.map((text, index) => (index === texts.length - 1 ? text.slice(0, -1) : text));
}
