// Whatever a scenario file may say, it runs, adds up, and can be shown in every format.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file/read-scenario.ts';
import { simulationCsv } from '../../src/present/simulation/sim-csv.ts';
import { simulationDocument } from '../../src/present/simulation/sim-document.ts';
import { nextAfter } from '../../src/present/simulation/sim-next.ts';
import { simulationSvg } from '../../src/present/simulation/sim-plot.ts';
import { formatSimulation } from '../../src/present/simulation/sim-table.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import type { SimReport } from '../../src/sim/sim-report.ts';
import { Simulation } from '../../src/sim/simulation.ts';

const range = fc.constantFrom('32768:65535', '1:1', '65535:65535', '30000:30127', '5000:5300');
const hold = fc.constantFrom(
  '0s',
  '2s',
  'forever',
  { exponential: '3s' },
  { uniform: { from: '0s', to: '9s' } },
  { lognormal: { median: '1s', p99: '20s' } },
);

/** Small ranges and short times, so that everything that can happen does within a minute. */
const SCENARIO = fc.record({
  seed: fc.nat(1000),
  duration: fc.constantFrom('7s', '1m', '90s'),
  sample: fc.constantFrom('100ms', '1s', '13s', '1h'),
  nodes: fc.record(
    {
      kernel: fc.constantFrom('4.18', '5.15', '6.8', '6.12'),
      count: fc.integer({ min: 1, max: 4 }),
      natPortRange: fc.oneof(range, fc.constant(['5000:5100', '6000:6300'])),
      random: fc.constantFrom('none', 'random', 'random-fully'),
      snatAddresses: fc.integer({ min: 1, max: 3 }),
      conntrackMax: fc.constantFrom(1, 500, 262_144),
      timeouts: fc.record({
        timeWait: fc.constantFrom('1s', '120s'),
        close: fc.constant('1s'),
        udp: fc.constant('2s'),
      }),
    },
    { requiredKeys: ['kernel'] },
  ),
  destinations: fc.record({
    protocol: fc.constantFrom('tcp', 'udp'),
    answers: fc.boolean(),
    timeWait: fc.constantFrom('0s', '60s'),
  }),
  workload: fc.record({
    pods: fc.integer({ min: 1, max: 9 }),
    rate: fc.constantFrom('0/s', '7/min', '200/s'),
    arrivals: fc.constantFrom('poisson', 'regular'),
    hold,
  }),
  closes: fc.constantFrom('client', 'server', 'reset', 'vanish'),
  events: fc.subarray([
    { at: '0s', natPortRange: '5000:5300' },
    { at: '2s', deploy: 'w', over: '0s' },
    { at: '3s', burst: 'w', rate: '300/s', for: '2s' },
    { at: '4s', change: 'w', rate: '0/s' },
    { at: '5s', nodes: 2 },
    { at: '5s', nodes: 1 },
    { at: '6s', change: 'w', rate: '90/s' },
  ]),
});

function run({
  destinations,
  workload,
  closes,
  ...rest
}: typeof SCENARIO extends fc.Arbitrary<infer Value> ? Value : never): SimReport {
  const closing = destinations.protocol === 'tcp' ? { closes } : {};
  const text = JSON.stringify({
    ...rest,
    destinations: [{ name: 'd', address: '[2001:db8::1]:1', ...destinations }],
    workloads: [{ name: 'w', destination: 'd', connectTimeout: '4s', ...workload, ...closing }],
  });
  const scenario = readScenario(text, { file: 'any.yaml', name: 'any' });
  const simulation = new Simulation(scenario);
  simulation.advanceTo(scenario.durationSeconds);
  return simulation.report();
}

describe('any scenario', () => {
  it('runs, adds up, and can be shown', () => {
    fc.assert(
      fc.property(SCENARIO, (drawn) => {
        const report = run(drawn);
        for (const { attempts, atOnce, lateBySecond, failed } of report.destinations)
          expect(lateBySecond.reduce((sum, count) => sum + count, atOnce + failed)).toBeLessThanOrEqual(attempts);
        const next = nextAfter(report, 'any.yaml');
        const page = formatSimulation(report, { style: DEFAULT_STYLE, next });
        const texts = [
          page,
          simulationSvg(report),
          simulationCsv(report),
          JSON.stringify(simulationDocument(report, next)),
        ];
        for (const text of texts) expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
        expect(page.split('\n').filter((line) => line.length > 100 && !line.startsWith('Next: '))).toEqual([]);
      }),
      { seed: 20_261_122, numRuns: 30 },
    );
  });
});
