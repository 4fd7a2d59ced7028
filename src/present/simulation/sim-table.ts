// A simulation on one screen: destinations worst first, the hottest nodes, ports over time, what it came to, what to type next.
import { layoutColumns } from '../column-layout.ts';
import { type Line, paintLines } from '../line.ts';
import { formatInteger } from '../number-text.ts';
import { formatShare } from '../share-text.ts';
import { simulationCharts } from './sim-charts.ts';
import { conclusionText, type JudgedDestination, judgeDestinations } from './sim-verdict.ts';
import { clusterText, momentText, remoteText, shortName } from './sim-words.ts';
import { commandText, type Style } from '../style.ts';
import { wrapText } from '../wrap-text.ts';
import type { SimScenario } from '../../sim/sim-scenario.ts';
import type { SimNodeTotals, SimReport } from '../../sim/sim-report.ts';

const MOST_DESTINATIONS = 6;
const MOST_NODES = 3;

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
    ...simulationCharts(report, style),
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
    `${style.symbols[severity]} ${shortName(destination.name)}`,
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
    ...stillTryingLines(judged, style),
  ];
}

/** What the columns leave open: connects that began shortly before the end. */
function stillTryingLines(judged: readonly JudgedDestination[], { width }: Style): Line[] {
  const counts = judged
    .filter(({ stillTrying }) => stillTrying > 0)
    .map(({ destination, stillTrying }) => `${shortName(destination.name)} ${formatInteger(stillTrying)}`);
  if (counts.length === 0) return [];
  return wrapText(`Still trying at the end: ${counts.join(', ')}`, { width, first: '  ' }).map((text) => ({ text }));
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

function nodeLines({ nodes, scenario }: SimReport, style: Style): Line[] {
  const sorted = [...nodes].sort((left, right) => right.drops - left.drops || share(right) - share(left));
  const shown = sorted.slice(0, MOST_NODES);
  const rows = shown.map((node) => [
    `${style.symbols[isInTrouble(node, scenario) ? 'critical' : 'ok']} ${node.node}`,
    shortName(node.hottest),
    `${formatInteger(node.peakPorts)} of ${formatInteger(node.capacityPorts)}`,
    formatShare(share(node)),
    momentText(node.peakAtSeconds),
    formatInteger(node.drops),
  ]);
  const head = ['  NODE', 'HOTTEST', 'PORTS AT THE PEAK', '', 'AT', 'DROPPED'];
  const lines = layoutColumns([head, ...rows], { right: [2, 3, 4, 5] });
  const left = sorted.length - shown.length;
  const highest = Math.max(0, ...sorted.slice(MOST_NODES).map(share));
  const rest = `  and ${formatInteger(left)} more, none above ${Math.ceil(highest * 100)} %`;
  return [
    ...lines.map((text, index): Line => (index === 0 ? { text, tone: 'faint' } : { text })),
    ...(left > 0 ? [{ text: rest }] : []),
  ];
}

/** Out of ports, or out of conntrack entries. */
function isInTrouble({ drops, peakFlows }: SimNodeTotals, { nodes }: SimScenario): boolean {
  return drops > 0 || peakFlows >= nodes.conntrackMax;
}

function share({ peakPorts, capacityPorts }: SimNodeTotals): number {
  return peakPorts / Math.max(1, capacityPorts);
}
