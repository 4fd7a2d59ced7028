// The sentence that a simulation ends with, and the command after it, for every way it can come out.
import { describe, expect, it } from 'vitest';
import { nextAfter } from '../../src/present/simulation/sim-next.ts';
import { conclusionText, judgeDestinations } from '../../src/present/simulation/sim-verdict.ts';
import { formatSimulation } from '../../src/present/simulation/sim-table.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import type { SimDestinationTotals, SimReport } from '../../src/sim/sim-report.ts';
import type { SimScenario } from '../../src/sim/sim-scenario.ts';
import { SAMPLE_SCENARIO, sampleSimulation } from './sample-simulation.ts';

const QUIET = {
  attempts: 1000,
  atOnce: 1000,
  lateBySecond: [],
  failed: 0,
  drops: 0,
  tableFullDrops: 0,
  recycledTooEarly: 0,
  evictions: 0,
};

/** A report in which the api has these totals, dns is quiet, and nothing else is there. */
function reportOf(totals: Partial<SimDestinationTotals>, scenario: Partial<SimScenario> = {}): SimReport {
  const report = sampleSimulation({ ...SAMPLE_SCENARIO, ...scenario, events: [] });
  return {
    ...report,
    destinations: [
      { ...QUIET, destination: 'dns' },
      { ...QUIET, destination: 'api', ...totals },
    ],
    nodes: report.nodes.map((node) => ({ ...node, drops: totals.drops ?? 0 })),
    series: report.series.map((line) => ({
      ...line,
      drops: line.drops.map((count) => (totals.drops === undefined ? 0 : count)),
    })),
  };
}

const dead = {
  destinations: SAMPLE_SCENARIO.destinations.map((destination) => ({
    ...destination,
    answers: destination.name !== 'api',
  })),
};

describe('the conclusion', () => {
  it.each<[Partial<SimDestinationTotals>, string, RegExp]>([
    [{}, 'ok', /^All 2,000 connections got through at once; at most 32,768 of 32,768 ports were taken \(100 %\)\.$/],
    [{ evictions: 7 }, 'ok', /, and 7 times a new connection took over the port of a closed one\.$/],
    [
      { drops: 5, failed: 2, lateBySecond: [0, 3] },
      'critical',
      /^api: 2 of 1,000 connects failed \(1 in 500\), 3 came a second late or more: no free port on 5 of 5 nodes from 10m to 20m, nothing lost after that\.$/,
    ],
    [
      { drops: 5, lateBySecond: [0, 3] },
      'warning',
      /^api: 3 of 1,000 connects came a second late or more \(1 in 333\): no free port/,
    ],
    [{ tableFullDrops: 5, failed: 5 }, 'critical', /: the conntrack table of 262,144 entries was full\.$/],
    [
      { recycledTooEarly: 4, lateBySecond: [0, 4] },
      'warning',
      /^api: 4 of 1,000 connects came .*: not for want of a port; 4 times a port came back to a server that still remembered it\.$/,
    ],
    [{ failed: 3 }, 'info', /^api: 3 of 1,000 connects failed \(1 in 333\): not for want of a port\.$/],
  ])('%j: %s', (totals, severity, text) => {
    const conclusion = conclusionText(reportOf(totals));
    expect(conclusion.severity).toBe(severity);
    expect(conclusion.text).toMatch(text);
  });

  it('blames no port for a destination that never answers', () => {
    const quiet = conclusionText(reportOf({ atOnce: 0, failed: 1000 }, dead));
    expect(quiet).toEqual({
      severity: 'info',
      text: expect.stringMatching(/^api never answers: none of its 1,000 connects got through; at most /),
    });
    const lossy = conclusionText(reportOf({ atOnce: 0, failed: 1000, drops: 9 }, dead));
    expect(lossy).toEqual({
      severity: 'warning',
      text: expect.stringMatching(
        /used up the ports towards it; other destinations have their own and lost nothing\.$/,
      ),
    });
  });

  it('puts the worst first, whatever its place in the file', () => {
    const names = judgeDestinations(reportOf({ failed: 1, drops: 1 })).map(({ destination }) => destination.name);
    expect(names).toEqual(['api', 'dns']);
  });
});

describe('what to type next', () => {
  const hurt = { drops: 5, failed: 2 };
  const [checkout] = SAMPLE_SCENARIO.workloads;
  const only = (change: Partial<SimScenario['workloads'][number]>): Partial<SimScenario> =>
    checkout === undefined ? {} : { workloads: [{ ...checkout, ...change }] };

  it.each<[string, Partial<SimDestinationTotals>, Partial<SimScenario>, string]>([
    ['a picture of what is fine', {}, {}, 'portolan simulate f.yaml -o svg > ports.svg'],
    ['a closer look at what is not ports', { failed: 3 }, {}, 'portolan simulate f.yaml --diagnose worst'],
    [
      'a plan for short connections',
      hurt,
      {},
      'portolan plan --destination 203.0.113.9:443 --rate 1500/s --hold 122s --kernel 6.1 --nodes 5 --pods 12',
    ],
    [
      'a plan for lasting ones',
      hurt,
      only({ hold: { kind: 'forever' }, stopSeconds: 20 }),
      'portolan plan --destination 203.0.113.9:443 --connections 30000 --kernel 6.1 --nodes 5 --pods 12',
    ],
    [
      'a plan for ones that nobody closes: they last for days',
      hurt,
      only({ closer: 'vanish', startSeconds: 1780 }),
      'portolan plan --destination 203.0.113.9:443 --connections 30000 --kernel 6.1 --nodes 5 --pods 12',
    ],
    [
      'a plan for ones that are reset',
      hurt,
      only({ hold: { kind: 'fixed', seconds: 50 }, closer: 'reset' }),
      'portolan plan --destination 203.0.113.9:443 --rate 1500/s --hold 60s --live 50s --kernel 6.1 --nodes 5 --pods 12',
    ],
    [
      'a plan for another range and kernel',
      hurt,
      {
        nodes: {
          ...SAMPLE_SCENARIO.nodes,
          count: 1,
          kernel: '4.x',
          snatAddresses: 2,
          ranges: [{ first: 4790, last: 65_535 }],
        },
      },
      'portolan plan --destination 203.0.113.9:443 --rate 1500/s --hold 122s --nat-port-range 4790:65535 --addresses 2 --kernel 4.18 --pods 12',
    ],
  ])('%s', (_, totals, scenario, command) => expect(nextAfter(reportOf(totals, scenario), 'f.yaml')).toBe(command));
});

describe('connects without an outcome', () => {
  const plain = { style: DEFAULT_STYLE, next: 'portolan' };

  it('are told apart from those that failed', () => {
    const report = reportOf({ attempts: 1000, atOnce: 900, lateBySecond: [0, 20, 3], failed: 50, drops: 60 });
    expect(judgeDestinations(report)[0]).toMatchObject({ stillTrying: 27 });
    expect(formatSimulation(report, plain)).toContain('\n  Still trying at the end: api 27\n');
    expect(formatSimulation(reportOf({}), plain)).not.toContain('Still trying');
  });
});
