// The command worth typing after a simulation: the plan for what was lost, or a closer look where nothing was.
import type { KernelEra } from '../../core/alloc/kernel-era.ts';
import { UDP } from '../../core/model/protocol.ts';
import { meanHoldSeconds } from '../../sim/mean-hold.ts';
import type { SimReport } from '../../sim/sim-report.ts';
import { rangesEqual, UNRESTRICTED_RANGE } from '../../core/model/port-range.ts';
import type { SimDestination, SimNodes, SimWorkload } from '../../sim/sim-scenario.ts';
import { grownScenario, isMended } from './sim-mended.ts';
import { type JudgedDestination, judgeDestinations } from './sim-verdict.ts';
import { endpointText, momentText } from './sim-words.ts';

/** nf_conntrack_tcp_timeout_syn_sent. */
const SYN_SENT_SECONDS = 120;

/** The range that `portolan plan` takes when none is given. */
const PLAN_RANGE = { first: 32_768, last: 65_535 };

/** A live time below this share of the hold is as good as none. */
const SMALL_SHARE = 0.05;

/** A release of each era that `--kernel` takes. */
const RELEASES: Readonly<Record<KernelEra, string>> = { '4.x': '4.18', '5.0': '6.1', '6.5': '6.8', '6.12': '6.12' };

/** `file` is the scenario as it was named on the command line, ready for a shell. */
export function nextAfter(report: SimReport, file: string): string {
  const worst = worstLeft(report);
  if (worst === undefined || worst.severity === 'ok') return `portolan simulate ${file} -o svg > ports.svg`;
  if (worst.totals.drops > 0 && worst.destination.answers) return planCommand(worst.destination, report);
  return `portolan simulate ${file} --diagnose worst`;
}

/** The worst destination; when it was mended, the worst that still loses packets. */
function worstLeft(report: SimReport): JudgedDestination | undefined {
  const judged = judgeDestinations(report);
  const [worst] = judged;
  if (worst === undefined || !isMended(worst, report)) return worst;
  return judged.find((other) => other.totals.drops > 0 && !isMended(other, report));
}

function planCommand(destination: SimDestination, { scenario }: SimReport): string {
  const { nodes, workloads } = grownScenario(scenario);
  const own = workloads.filter((workload) => workload.destination === destination.name);
  const pods = own.reduce((sum, workload) => sum + workload.pods, 0);
  return [
    `portolan plan --destination ${endpointText(destination)}${destination.protocol === UDP ? '/udp' : ''}`,
    ...(own.some((workload) => isLasting(workload, destination))
      ? [`--connections ${Math.round(lastingConnections(own, scenario.durationSeconds))}`]
      : loadFlags(own, { nodes, destination })),
    ...rangeFlag(nodes),
    ...(nodes.snatAddresses === 1 ? [] : [`--addresses ${nodes.snatAddresses}`]),
    `--kernel ${RELEASES[nodes.kernel]}`,
    ...(nodes.count === 1 ? [] : [`--nodes ${nodes.count}`]),
    `--pods ${pods}`,
  ].join(' ');
}

/** What plan takes to be so is left out: a line that fits a screen can be copied. */
function rangeFlag({ ranges }: SimNodes): string[] {
  const [range] = ranges ?? [UNRESTRICTED_RANGE];
  if (range === undefined || (ranges?.length ?? 1) > 1 || rangesEqual(range, PLAN_RANGE)) return [];
  return [`--nat-port-range ${range.first}:${range.last}`];
}

/** Open to the end, or left in the table by a peer that vanished (nf_conntrack_tcp_timeout_established is 5 days). */
function isLasting({ hold, closer }: SimWorkload, { protocol }: SimDestination): boolean {
  return hold.kind === 'forever' || (closer === 'vanish' && protocol !== UDP);
}

/** Connections that stay open to the end, by the rate at which they are opened. */
function lastingConnections(own: readonly SimWorkload[], durationSeconds: number): number {
  return own.reduce(
    (sum, { perSecond, startSeconds, stopSeconds }) =>
      sum + perSecond * Math.max(0, Math.min(stopSeconds ?? durationSeconds, durationSeconds) - startSeconds),
    0,
  );
}

interface LoadPlace {
  readonly nodes: SimNodes;
  readonly destination: SimDestination;
}

/** All workloads of a destination as one load: rates add up, times are means by rate. */
function loadFlags(own: readonly SimWorkload[], place: LoadPlace): string[] {
  const perSecond = own.reduce((sum, workload) => sum + workload.perSecond, 0);
  const mean = (of: (workload: SimWorkload) => number): number =>
    own.reduce((sum, workload) => sum + workload.perSecond * of(workload), 0) / Math.max(perSecond, 1e-9);
  const live = mean((workload) => liveSeconds(workload, place));
  const held = live + mean((workload) => closingSeconds(workload, place));
  const liveFlag = live < SMALL_SHARE * held ? [] : [`--live ${plainSeconds(live)}`];
  return [`--rate ${Number(perSecond.toFixed(1))}/s`, `--hold ${plainSeconds(held)}`, ...liveFlag];
}

/** What never answers stays in SYN_SENT. */
function liveSeconds({ hold }: SimWorkload, { destination }: LoadPlace): number {
  return destination.answers ? meanHoldSeconds(hold, 0) : SYN_SENT_SECONDS;
}

function closingSeconds({ closer }: SimWorkload, { nodes, destination }: LoadPlace): number {
  if (destination.protocol === UDP) return nodes.udpSeconds;
  if (!destination.answers) return 0;
  return closer === 'reset' ? nodes.closeSeconds : nodes.timeWaitSeconds;
}

function plainSeconds(seconds: number): string {
  return seconds < 600 ? `${Math.round(seconds)}s` : momentText(seconds);
}
