// How much a scenario asks for, estimated before it runs: what is absurd is refused with the limit and the reason.
import { meanHoldSeconds } from '../../sim/mean-hold.ts';
import type { SimEvent, SimScenario, SimWorkload } from '../../sim/sim-scenario.ts';
import { formatInteger } from '../../present/number-text.ts';
import * as limits from './scenario-limits.ts';

export interface ScenarioSize {
  /** Connections of the whole run. */
  readonly flows: number;
  /** Connections that exist at once, closing ones included: an upper bound. */
  readonly heldFlows: number;
  readonly portSpaces: number;
  readonly samples: number;
}

/** The size of a scenario from its averages. */
export function scenarioSize(scenario: SimScenario): ScenarioSize {
  const nodes = Math.max(
    scenario.nodes.count,
    ...scenario.events.map((event) => (event.kind === 'nodes' ? event.count : 0)),
  );
  const perWorkload = scenario.workloads.map((workload) => workloadSize(workload, scenario));
  return {
    flows: sum(perWorkload.map(({ flows }) => flows)),
    heldFlows: sum(perWorkload.map(({ held }) => held)),
    portSpaces: nodes * scenario.nodes.snatAddresses * scenario.destinations.length,
    samples: Math.ceil(scenario.durationSeconds / scenario.sampleSeconds),
  };
}

/** A sentence per limit that is passed: `900,000,000 connections, wanted at most ...`. */
export function sizeProblems(size: ScenarioSize): string[] {
  const checks = [
    {
      given: size.flows,
      most: limits.MOST_FLOWS,
      what: 'connections',
      why: 'choose a shorter "duration" or a lower rate',
    },
    {
      given: size.heldFlows,
      most: limits.MOST_HELD_FLOWS,
      what: 'connections at once',
      why: 'each is kept in memory while it holds a port',
    },
    {
      given: size.portSpaces,
      most: limits.MOST_PORT_SPACES,
      what: 'nodes x SNAT addresses x destinations',
      why: 'each keeps a map of its ports in memory',
    },
    { given: size.samples, most: limits.MOST_SAMPLES, what: 'samples', why: 'choose a longer "sample"' },
  ];
  return checks
    .filter(({ given, most }) => given > most)
    .map(
      ({ given, most, what, why }) => `${formatInteger(given)} ${what}, wanted at most ${formatInteger(most)}: ${why}`,
    );
}

function workloadSize(
  workload: SimWorkload,
  { durationSeconds, events, nodes }: SimScenario,
): { flows: number; held: number } {
  const own = events.filter((event) => 'workload' in event && event.workload === workload.name);
  const steps = rateSteps(workload, own, durationSeconds);
  const fastest = Math.max(0, ...steps.map(({ perSecond }) => perSecond));
  const extra = sum(
    own.map((event) => (event.kind === 'burst' ? event.perSecond * Math.min(event.forSeconds, durationSeconds) : 0)),
  );
  const opened = sum(steps.map(({ perSecond, seconds }) => perSecond * seconds)) + extra;
  const hold = Math.min(meanHoldSeconds(workload.hold, durationSeconds), durationSeconds);
  const live = Math.min(opened, fastest * hold + extra);
  const deploys = own.filter(({ kind }) => kind === 'deploy').length;
  const flows = opened + deploys * live;
  return { flows, held: Math.min(flows, (deploys + 1) * live + fastest * nodes.timeWaitSeconds) };
}

/** How long each rate of a workload lasts between its start and its stop. */
function rateSteps(
  { perSecond, startSeconds, stopSeconds }: SimWorkload,
  own: readonly SimEvent[],
  durationSeconds: number,
): { perSecond: number; seconds: number }[] {
  const end = Math.min(stopSeconds ?? durationSeconds, durationSeconds);
  const changes = own.flatMap((event) => (event.kind === 'rate' ? [event] : []));
  const steps = [{ perSecond, atSeconds: startSeconds }, ...changes];
  return steps.map((step, index) => ({
    perSecond: step.perSecond,
    seconds: Math.max(0, Math.min(steps[index + 1]?.atSeconds ?? end, end) - Math.max(step.atSeconds, startSeconds)),
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
