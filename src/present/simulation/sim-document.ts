// A simulation as programs read it: a plain object with a schema id, a fixed key order, units in every name.
import { eraBehaviour } from '../../core/alloc/kernel-era.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { protocolName } from '../../core/model/protocol.ts';
import type { SimReport } from '../../sim/sim-report.ts';
import type { SimEvent, SimNodes, SimScenario, SimWorkload } from '../../sim/sim-scenario.ts';
import { conclusionText, type JudgedDestination, judgeDestinations } from './sim-verdict.ts';

export const SIMULATION_OUTPUT_SCHEMA = 'portolan.dev/output/simulation/v1';

/** The plain object behind -o json and -o yaml. */
export function simulationDocument(report: SimReport, next: string) {
  const { severity, text } = conclusionText(report);
  return {
    schema: SIMULATION_OUTPUT_SCHEMA,
    severity,
    conclusion: text,
    scenario: scenarioDocument(report.scenario),
    simulatedSeconds: report.seconds.at(-1) ?? 0,
    destinations: judgeDestinations(report).map(destinationDocument),
    nodes: report.nodes,
    seconds: report.seconds,
    series: report.series,
    portSearches: report.searches,
    next,
  };
}

function destinationDocument({ destination, totals, severity, late, stillTrying }: JudgedDestination) {
  return {
    destination: destination.name,
    severity,
    attempts: totals.attempts,
    atOnce: totals.atOnce,
    late,
    lateBySecond: totals.lateBySecond,
    failed: totals.failed,
    stillTrying,
    drops: totals.drops,
    tableFullDrops: totals.tableFullDrops,
    recycledTooEarly: totals.recycledTooEarly,
    evictions: totals.evictions,
  };
}

function scenarioDocument({ name, story, seed, durationSeconds, sampleSeconds, ...parts }: SimScenario) {
  return {
    name,
    story: story ?? null,
    seed,
    durationSeconds,
    sampleSeconds,
    cluster: nodesDocument(parts.nodes),
    remotes: parts.destinations.map(({ name, protocol, address, port, answers, timeWaitSeconds }) => ({
      name,
      protocol: protocolName(protocol),
      remoteAddress: address,
      remotePort: port,
      answers,
      timeWaitSeconds,
    })),
    workloads: parts.workloads.map(workloadDocument),
    events: parts.events.map(eventDocument),
  };
}

function nodesDocument({ count, ranges, kernel, random, snatAddresses, conntrackMax, ...timeouts }: SimNodes) {
  const { evictsClosing, search } = eraBehaviour(kernel);
  return {
    count,
    natPortRanges: ranges === undefined ? null : ranges.map(rangeDocument),
    kernelEra: kernel,
    evictsClosing,
    search,
    random,
    snatAddresses,
    conntrackMax,
    timeWaitSeconds: timeouts.timeWaitSeconds,
    closeSeconds: timeouts.closeSeconds,
    udpSeconds: timeouts.udpSeconds,
  };
}

function workloadDocument(workload: SimWorkload) {
  return {
    name: workload.name,
    pods: workload.pods,
    onNodes: workload.onNodes ?? null,
    destination: workload.destination,
    perSecond: workload.perSecond,
    arrivals: workload.arrivals,
    hold: workload.hold,
    closer: workload.closer,
    connectTimeoutSeconds: workload.connectTimeoutSeconds,
    startSeconds: workload.startSeconds,
    stopSeconds: workload.stopSeconds ?? null,
  };
}

function eventDocument(event: SimEvent) {
  return {
    kind: event.kind,
    atSeconds: event.atSeconds,
    workload: 'workload' in event ? event.workload : null,
    natPortRanges: event.kind === 'nat-port-range' ? event.ranges.map(rangeDocument) : null,
    overSeconds: event.kind === 'deploy' ? event.overSeconds : null,
    perSecond: event.kind === 'burst' || event.kind === 'rate' ? event.perSecond : null,
    forSeconds: event.kind === 'burst' ? event.forSeconds : null,
    count: event.kind === 'nodes' ? event.count : null,
  };
}

function rangeDocument({ first, last }: PortRange) {
  return { firstPort: first, lastPort: last };
}
