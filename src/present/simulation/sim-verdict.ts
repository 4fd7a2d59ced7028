// What a simulation came to: how bad it was per destination, in a sentence, and what to type next.
import type { Severity } from '../../core/analysis/finding.ts';
import { TCP } from '../../core/model/protocol.ts';
import type { SimDestinationTotals, SimReport } from '../../sim/sim-report.ts';
import type { SimDestination } from '../../sim/sim-scenario.ts';
import { formatCount, formatInteger } from '../number-text.ts';
import { oneInN } from '../one-in-n.ts';
import { momentText } from './sim-words.ts';
import { formatShare } from '../share-text.ts';
import { SEVERITY_ORDER } from '../words.ts';

export interface JudgedDestination {
  readonly destination: SimDestination;
  readonly totals: SimDestinationTotals;
  readonly severity: Severity;
  /** Connects that came a second late or more. */
  readonly late: number;
  /** Connects that neither got through nor failed before the end. */
  readonly stillTrying: number;
}

/** All destinations of a report, worst first. */
export function judgeDestinations({ scenario, destinations }: SimReport): JudgedDestination[] {
  const judged = destinations.flatMap((totals) => {
    const destination = scenario.destinations.find(({ name }) => name === totals.destination);
    return destination === undefined ? [] : [judge(destination, totals)];
  });
  return judged.sort(
    (left, right) =>
      SEVERITY_ORDER.indexOf(left.severity) - SEVERITY_ORDER.indexOf(right.severity) ||
      right.totals.failed - left.totals.failed ||
      right.late - left.late,
  );
}

/** Losing connects is critical, seconds of delay are a warning; where nothing ever answers, lost packets hurt nobody more. */
function judge(destination: SimDestination, totals: SimDestinationTotals): JudgedDestination {
  const late = totals.lateBySecond.reduce((sum, count) => sum + count, 0);
  const isHurt = totals.drops > 0 || totals.tableFullDrops > 0;
  const severity = (): Severity => {
    if (isHurt && totals.failed > 0 && destination.answers) return 'critical';
    if (isHurt || late > 0 || totals.recycledTooEarly > 0) return 'warning';
    return totals.failed > 0 || !destination.answers ? 'info' : 'ok';
  };
  const stillTrying = totals.attempts - totals.atOnce - late - totals.failed;
  return { destination, totals, severity: severity(), late, stillTrying };
}

/** The most important sentence of the report. */
export function conclusionText(report: SimReport): { readonly severity: Severity; readonly text: string } {
  const [worst] = judgeDestinations(report);
  if (worst === undefined || allAttempts(report) === 0) return { severity: 'info', text: 'Nothing connected.' };
  return { severity: worst.severity, text: sentenceOf(worst, report) };
}

function sentenceOf(worst: JudgedDestination, report: SimReport): string {
  const { totals, destination } = worst;
  if (!destination.answers) return deadText(worst, report);
  if (totals.drops > 0) return `${damageText(worst)}: ${noPortText(worst, report)}.`;
  if (totals.tableFullDrops > 0)
    return `${damageText(worst)}: the conntrack table of ${formatInteger(report.scenario.nodes.conntrackMax)} entries was full.`;
  if (worst.late > 0 || totals.failed > 0)
    return `${damageText(worst)}: not for want of a port${recycledText(totals)}.`;
  return `All ${formatInteger(allAttempts(report))} connections got through at once; ${peakText(report)}${reuseText(report)}.`;
}

function deadText({ destination, totals }: JudgedDestination, report: SimReport): string {
  const nobody = `${destination.name} never answers: none of its ${formatInteger(totals.attempts)} connects got through`;
  if (totals.drops === 0) return `${nobody}; ${peakText(report, destination.name)}.`;
  const others = report.destinations.filter((other) => other.destination !== destination.name);
  const isAlone = others.length > 0 && others.every(({ drops }) => drops === 0);
  return `${nobody}, and their attempts used up the ports towards it${isAlone ? '; other destinations have their own and lost nothing' : ''}.`;
}

/** Taking closing ports over is what keeps a newer kernel out of trouble, so it is said. */
function reuseText({ destinations }: SimReport): string {
  const count = destinations.reduce((sum, { evictions }) => sum + evictions, 0);
  return count === 0 ? '' : `, and ${formatInteger(count)} times a new connection took over the port of a closed one`;
}

/** The one thing that slows connects while there are ports. */
function recycledText({ recycledTooEarly }: SimDestinationTotals): string {
  if (recycledTooEarly === 0) return '';
  return `; ${formatCount(recycledTooEarly, 'time')} a port came back to a server that still remembered it`;
}

/** `api: 1,003 of 540,000 connects failed (1 in 538), 16,121 came a second late or more`. */
function damageText({ destination, totals, late }: JudgedDestination): string {
  const { attempts, failed } = totals;
  const share = (count: number): string =>
    `${formatInteger(count)} of ${formatInteger(attempts)} ${destination.protocol === TCP ? 'connects' : 'datagrams'}`;
  const lost = destination.protocol === TCP ? 'failed' : 'were lost';
  if (failed === 0)
    return `${destination.name}: ${share(late)} came a second late or more (${oneInN(late / attempts)})`;
  const slow = late > 0 ? `, ${formatInteger(late)} came a second late or more` : '';
  return `${destination.name}: ${share(failed)} ${lost} (${oneInN(failed / attempts)})${slow}`;
}

function noPortText({ destination }: JudgedDestination, report: SimReport): string {
  const hurt = report.nodes.filter(({ drops }) => drops > 0).length;
  const all = report.nodes.length;
  const nodes = all === 1 ? 'no free port' : `no free port on ${formatInteger(hurt)} of ${formatInteger(all)} nodes`;
  return `${nodes}${dropTimes(report, destination.name)}`;
}

/** From the start of the first sample that dropped a packet to the end of the last; the series are the hottest port spaces. */
function dropTimes({ series, seconds }: SimReport, destination: string): string {
  const own = series.filter((line) => line.destination === destination);
  const isLossy = seconds.map((_, index) => own.some(({ drops }) => (drops[index] ?? 0) > 0));
  const [first, last] = [isLossy.indexOf(true), isLossy.lastIndexOf(true)];
  if (first < 0) return '';
  const from = momentText(seconds[first - 1] ?? 0);
  if (last === seconds.length - 1) return ` from ${from} on`;
  return ` from ${from} to ${momentText(seconds[last] ?? 0)}, nothing lost after that`;
}

function peakText({ nodes }: SimReport, destination?: string): string {
  const seen = nodes.filter(({ hottest }) => destination === undefined || hottest === destination);
  const [fullest] = [...seen].sort((left, right) => right.peakPorts - left.peakPorts);
  if (fullest === undefined) return 'no port space was nearly full';
  const share = formatShare(fullest.peakPorts / Math.max(1, fullest.capacityPorts));
  return `at most ${formatInteger(fullest.peakPorts)} of ${formatInteger(fullest.capacityPorts)} ports were taken (${share})`;
}

function allAttempts({ destinations }: SimReport): number {
  return destinations.reduce((sum, { attempts }) => sum + attempts, 0);
}
