// What the events of a scenario make of it: whether a change in it ended its losses, and what a plan has to reckon with after it.
import type { SimReport } from '../../sim/sim-report.ts';
import type { SimEvent, SimNodes, SimScenario, SimWorkload } from '../../sim/sim-scenario.ts';
import type { JudgedDestination } from './sim-verdict.ts';

/** Losses up to so many samples before a change are those that it was made for. */
const SAMPLES_BEFORE = 2;

/** Whether losses lasted until another range or number of nodes came, and the second half of what followed saw none. */
export function isMended({ destination, totals }: JudgedDestination, report: SimReport): boolean {
  const { scenario, series, seconds } = report;
  const change = scenario.events.findLast(({ kind }) => kind === 'nat-port-range' || kind === 'nodes');
  if (change === undefined || totals.drops === 0) return false;
  const own = series.filter((line) => line.destination === destination.name);
  const lossy = seconds.filter((_, index) => own.some(({ drops }) => (drops[index] ?? 0) > 0));
  const middle = (change.atSeconds + (seconds.at(-1) ?? 0)) / 2;
  const last = lossy.at(-1) ?? 0;
  return lossy.some((second) => second > change.atSeconds - SAMPLES_BEFORE * scenario.sampleSeconds) && last < middle;
}

/** With the last range and number of nodes that it comes to, and the highest rate of each workload. */
export function grownScenario(scenario: SimScenario): Pick<SimScenario, 'nodes' | 'workloads'> {
  const { events, workloads } = scenario;
  return {
    nodes: events.reduce(changedNodes, scenario.nodes),
    workloads: workloads.map((workload) => ({ ...workload, perSecond: highestRate(workload, events) })),
  };
}

function changedNodes(nodes: SimNodes, event: SimEvent): SimNodes {
  if (event.kind === 'nodes') return { ...nodes, count: event.count };
  return event.kind === 'nat-port-range' ? { ...nodes, ranges: event.ranges } : nodes;
}

function highestRate({ name, perSecond }: SimWorkload, events: readonly SimEvent[]): number {
  return Math.max(
    perSecond,
    ...events.map((event) => (event.kind === 'rate' && event.workload === name ? event.perSecond : 0)),
  );
}
