// The command worth typing after a simulation: the plan for what was lost, or a closer look where nothing was.
import type { KernelEra } from '../core/alloc/kernel-era.ts';
import { UDP } from '../core/model/protocol.ts';
import { meanHoldSeconds } from '../sim/mean-hold.ts';
import type { SimReport } from '../sim/sim-report.ts';
import type { SimDestination, SimNodes, SimWorkload } from '../sim/sim-scenario.ts';
import { judgeDestinations } from './sim-verdict.ts';
import { endpointText, momentText } from './sim-words.ts';

/** nf_conntrack_tcp_timeout_syn_sent. */
const SYN_SENT_SECONDS = 120;

/** A release of each era that `--kernel` takes. */
const RELEASES: Readonly<Record<KernelEra, string>> = { '4.x': '4.18', '5.0': '6.1', '6.5': '6.8', '6.12': '6.12' };

/** `file` is the scenario as it was named on the command line, ready for a shell. */
export function nextAfter(report: SimReport, file: string): string {
  const [worst] = judgeDestinations(report);
  if (worst === undefined || worst.severity === 'ok') return `portolan simulate ${file} -o svg > ports.svg`;
  if (worst.totals.drops > 0) return planCommand(worst.destination, report);
  return `portolan simulate ${file} --diagnose worst`;
}

function planCommand(destination: SimDestination, { scenario, destinations }: SimReport): string {
  const { nodes } = scenario;
  const own = scenario.workloads.filter((workload) => workload.destination === destination.name);
  const attempts = destinations.find((totals) => totals.destination === destination.name)?.attempts ?? 0;
  const [range] = nodes.ranges ?? [];
  return [
    `portolan plan --destination ${endpointText(destination)}${destination.protocol === UDP ? '/udp' : ''}`,
    ...(own.some(({ hold }) => hold.kind === 'forever')
      ? [`--connections ${attempts}`]
      : loadFlags(own, { nodes, destination })),
    ...(range === undefined || nodes.ranges?.length !== 1 ? [] : [`--nat-port-range ${range.first}:${range.last}`]),
    ...(nodes.snatAddresses === 1 ? [] : [`--addresses ${nodes.snatAddresses}`]),
    `--kernel ${RELEASES[nodes.kernel]}`,
    `--nodes ${nodes.count} --pods ${own.reduce((sum, { pods }) => sum + pods, 0)} --load 1x`,
  ].join(' ');
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
  const liveFlag = place.destination.protocol === UDP ? [] : [`--live ${plainSeconds(live)}`];
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
