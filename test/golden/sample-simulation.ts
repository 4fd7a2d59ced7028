// A made-up report for any scenario: ports grow to the range, then packets are dropped. No engine behind it, so pages can be
// tested on their own.
import {
  SIM_REPORT_SCHEMA,
  type SimDestinationTotals,
  type SimReport,
  type SimSeries,
} from '../../src/sim/sim-report.ts';
import type { SimDestination, SimScenario } from '../../src/sim/sim-scenario.ts';

const CAPACITY = 32_768;

/** Everything that a scenario can say. */
export const SAMPLE_SCENARIO: SimScenario = {
  name: 'black-friday',
  story: 'A checkout service opens a new connection for every request; names are looked up outside the cluster.',
  seed: 7,
  durationSeconds: 1800,
  sampleSeconds: 30,
  nodes: {
    count: 5,
    ranges: [{ first: 32_768, last: 65_535 }],
    random: 'random-fully',
    snatAddresses: 1,
    kernel: '5.0',
    conntrackMax: 262_144,
    timeWaitSeconds: 120,
    closeSeconds: 10,
    udpSeconds: 30,
  },
  destinations: [
    { name: 'dns', protocol: 17, address: '2001:db8::53', port: 53, answers: true, timeWaitSeconds: 60 },
    { name: 'api', protocol: 6, address: '203.0.113.9', port: 443, answers: true, timeWaitSeconds: 60 },
    { name: 'metrics', protocol: 6, address: '203.0.113.40', port: 4318, answers: false, timeWaitSeconds: 60 },
  ],
  workloads: [
    {
      name: 'checkout',
      pods: 12,
      destination: 'api',
      perSecond: 1500,
      arrivals: 'poisson',
      hold: { kind: 'lognormal', medianSeconds: 1, p99Seconds: 20 },
      closer: 'client',
      connectTimeoutSeconds: 10,
      startSeconds: 0,
    },
    {
      name: 'lookups',
      pods: 40,
      onNodes: 2,
      destination: 'dns',
      perSecond: 200,
      arrivals: 'regular',
      hold: { kind: 'uniform', fromSeconds: 0, toSeconds: 1 },
      closer: 'client',
      connectTimeoutSeconds: 10,
      startSeconds: 60,
      stopSeconds: 1200,
    },
  ],
  events: [
    { kind: 'deploy', atSeconds: 600, workload: 'checkout', overSeconds: 60 },
    { kind: 'burst', atSeconds: 700, workload: 'lookups', perSecond: 50, forSeconds: 90 },
    { kind: 'rate', atSeconds: 800, workload: 'lookups', perSecond: 250 },
    { kind: 'nodes', atSeconds: 1000, count: 6 },
    { kind: 'nat-port-range', atSeconds: 1200, ranges: [{ first: 4790, last: 65_535 }] },
  ],
};

/** Destinations named api lose, all others do not. */
export function sampleSimulation(scenario: SimScenario): SimReport {
  const samples = Math.floor(scenario.durationSeconds / scenario.sampleSeconds);
  const seconds = Array.from({ length: samples }, (_, index) => (index + 1) * scenario.sampleSeconds);
  const nodes = Array.from({ length: scenario.nodes.count }, (_, index) => `worker-${index + 1}`);
  const hottest = scenario.destinations.find(({ name }) => name === 'api') ?? scenario.destinations[0];
  return {
    schema: SIM_REPORT_SCHEMA,
    scenario,
    destinations: scenario.destinations.map(totalsOf),
    nodes: nodes.map((node, index) => ({
      node,
      address: `198.18.0.${index + 1}`,
      hottest: hottest?.name ?? '',
      peakPorts: index === 0 ? CAPACITY : 20_000 - index,
      capacityPorts: CAPACITY,
      peakAtSeconds: 630,
      drops: index === 0 && hottest?.name === 'api' ? 9000 : 0,
      peakFlows: 33_000,
    })),
    seconds,
    series: scenario.destinations.map((destination) => seriesOf(destination, seconds)),
    searches: 123_456,
  };
}

function totalsOf({ name, answers }: SimDestination): SimDestinationTotals {
  const isHurt = name === 'api';
  return {
    destination: name,
    attempts: 540_000,
    atOnce: answers ? 540_000 - (isHurt ? 17_124 : 0) : 0,
    lateBySecond: isHurt ? [0, 12_001, 0, 4120] : [],
    failed: isHurt ? 1003 : answers ? 0 : 540_000,
    drops: isHurt ? 23_118 : 0,
    tableFullDrops: 0,
    recycledTooEarly: 0,
    evictions: 0,
  };
}

/** Grows until 630 s, stays at the top until 1200 s, then falls: round figures, easy to see in a plot. */
function seriesOf({ name }: SimDestination, seconds: readonly number[]): SimSeries {
  const isHurt = name === 'api';
  const full = isHurt ? CAPACITY : 9000;
  const usedPorts = seconds.map((at) => Math.round(full * Math.min(1, at / 630, Math.max(0.5, 2 - at / 1200))));
  return {
    node: 'worker-1',
    destination: name,
    usedPorts,
    livePorts: usedPorts.map((used) => Math.round(used / 10)),
    drops: seconds.map((at) => (isHurt && at >= 630 && at <= 1200 ? 1000 - (at % 300) : 0)),
    opened: seconds.map(() => (isHurt ? 9000 : 3000)),
    dropProbability: usedPorts.map((used) => (used === CAPACITY ? 0.05 : 0)),
  };
}
