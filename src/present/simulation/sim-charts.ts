// The part of a simulation's screen that shows how things went over time: small charts of the hottest port spaces, and the events.
import type { SimReport, SimSeries } from '../../sim/sim-report.ts';
import type { Line } from '../line.ts';
import { formatInteger } from '../number-text.ts';
import { formatShare } from '../share-text.ts';
import { capacitySteps } from './sim-capacity.ts';
import { chartRow } from './sim-chart.ts';
import { eventText, momentText, shortName } from './sim-words.ts';
import type { Style } from '../style.ts';
import { wrapSegments } from '../wrap-text.ts';

const MOST_CHARTS = 3;
const MOST_EVENTS = 6;
const WIDEST_CHART = 60;

/** The charts, then what happened when. */
export function simulationCharts(report: SimReport, style: Style): Line[] {
  const shown = report.series.slice(0, MOST_CHARTS);
  const end = report.seconds.at(-1) ?? 0;
  const labels = shown.map(({ node, destination }) => `${node} ${shortName(destination)}`);
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
