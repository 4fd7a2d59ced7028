// How long ports stay held, when SYNs are sent again, and what events do: each as the kernel or the scenario says.
import { describe, expect, it } from 'vitest';
import { UDP } from '../../src/core/model/protocol.ts';
import type { SimDestinationTotals, SimReport } from '../../src/sim/sim-report.ts';
import type { SimWorkload } from '../../src/sim/sim-scenario.ts';
import { type ScenarioChanges, scenarioFixture, simulate } from './scenario-fixture.ts';

function run(changes: ScenarioChanges): SimReport {
  return simulate(scenarioFixture(changes)).report();
}

function totalsOf(changes: ScenarioChanges): SimDestinationTotals {
  const [totals] = run(changes).destinations;
  if (totals === undefined) throw new Error('no destination');
  return totals;
}

function usedPorts(changes: ScenarioChanges): readonly number[] {
  return run(changes).series[0]?.usedPorts ?? [];
}

/** Ten connections in the first second, then nothing. */
const TEN: ScenarioChanges = {
  sampleSeconds: 1,
  durationSeconds: 200,
  workload: { arrivals: 'regular', perSecond: 10, stopSeconds: 1.05, hold: { kind: 'fixed', seconds: 2 } },
};

/** The second in which the last port is free again, samples at whole seconds. */
function freeAt(changes: ScenarioChanges): number {
  const used = usedPorts({ ...TEN, ...changes, workload: { ...TEN.workload, ...changes.workload } });
  expect(Math.max(...used)).toBe(10);
  return used.findLastIndex((count) => count > 0) + 2;
}

describe('a port is held', () => {
  it('for TIME_WAIT after the client or the server closed', () => {
    expect(freeAt({ workload: { closer: 'client' } })).toBe(1 + 2 + 120);
    expect(freeAt({ workload: { closer: 'server' } })).toBe(1 + 2 + 120);
    expect(freeAt({ nodes: { timeWaitSeconds: 60 } })).toBe(1 + 2 + 60);
  });

  it('for 10 s after a reset, for 120 s without an answer', () => {
    expect(freeAt({ workload: { closer: 'reset' } })).toBe(1 + 2 + 10);
    expect(freeAt({ destination: { answers: false }, workload: { connectTimeoutSeconds: 5 } })).toBe(1 + 120);
    expect(freeAt({ destination: { answers: false }, workload: { connectTimeoutSeconds: 500 } })).toBe(1 + 120);
  });

  it('for 30 s after a datagram, for 120 s once they went on for more than 2 s with answers', () => {
    const datagrams = { protocol: UDP, port: 53 };
    const seconds = (held: number): Partial<SimWorkload> => ({ hold: { kind: 'fixed', seconds: held } });
    expect(freeAt({ destination: datagrams, workload: seconds(0) })).toBe(1 + 30);
    expect(freeAt({ destination: datagrams, workload: seconds(3) })).toBe(1 + 3 + 120);
    expect(freeAt({ destination: { ...datagrams, answers: false }, workload: seconds(3) })).toBe(1 + 3 + 30);
  });

  it('to the end when its peer vanishes or it stays open', () => {
    for (const workload of [{ closer: 'vanish' as const }, { hold: { kind: 'forever' as const } }])
      expect(usedPorts({ ...TEN, workload: { ...TEN.workload, ...workload } }).at(-1)).toBe(10);
  });
});

describe('a SYN that finds no port', () => {
  /** Four ports for ever taken by the first four connects; the fifth tries in vain. */
  const FULL: ScenarioChanges = {
    durationSeconds: 300,
    nodes: { ranges: [{ first: 40_000, last: 40_003 }] },
    workload: { arrivals: 'regular', perSecond: 1, stopSeconds: 5.5, hold: { kind: 'forever' } },
  };

  it('is sent again at 1, 2, 3, 4, 5, 7 s on Linux 6.5, at 1, 3, 7 s before', () => {
    const drops = (kernel: '5.0' | '6.5', connectTimeoutSeconds: number): number =>
      totalsOf({ ...FULL, nodes: { ...FULL.nodes, kernel }, workload: { ...FULL.workload, connectTimeoutSeconds } })
        .drops;
    expect([0.5, 1.5, 2.5, 4.5, 6, 10].map((patience) => drops('6.5', patience))).toEqual([1, 2, 3, 5, 6, 7]);
    expect([0.5, 1.5, 2.5, 4.5, 6, 10].map((patience) => drops('5.0', patience))).toEqual([1, 2, 2, 3, 3, 4]);
    expect(drops('6.5', 1000)).toBe(11);
    expect(drops('5.0', 1000)).toBe(7);
  });

  it('connects late when a port comes free, counted by the second', () => {
    const totals = totalsOf({
      nodes: { kernel: '5.0', ranges: [{ first: 40_000, last: 40_000 }], closeSeconds: 1 },
      workload: {
        ...FULL.workload,
        perSecond: 0.5,
        stopSeconds: 4.5,
        hold: { kind: 'fixed', seconds: 2.5 },
        closer: 'reset',
      },
    });
    // The first holds the only port from 2 s to 5.5 s; the second asks at 4, 5 and 7 s.
    expect(totals).toMatchObject({ attempts: 2, atOnce: 1, lateBySecond: [0, 0, 0, 1], drops: 2, failed: 0 });
  });

  it('fails at once as a datagram', () => {
    const totals = totalsOf({ ...FULL, destination: { protocol: UDP } });
    expect(totals).toMatchObject({ attempts: 5, atOnce: 4, failed: 1, drops: 1 });
  });
});

describe('a server that closes first', () => {
  const BUSY: ScenarioChanges = {
    destination: { timeWaitSeconds: 120 },
    workload: { perSecond: 40, closer: 'server' },
  };

  it('refuses half of the ports that come back before its TIME_WAIT is over', () => {
    const totals = totalsOf(BUSY);
    const early = totals.recycledTooEarly / totals.evictions;
    expect(totals.lateBySecond[1]).toBe(totals.recycledTooEarly);
    // Every take-over is early: the server remembers as long as the node. 20,000 coins: 0.5 within 0.02 but once in 10^8.
    expect(early).toBeGreaterThan(0.48);
    expect(early).toBeLessThan(0.52);
  });

  it('refuses none where the node keeps TIME_WAIT itself, or the client closes', () => {
    expect(totalsOf({ ...BUSY, nodes: { kernel: '5.0' } }).recycledTooEarly).toBe(0);
    expect(totalsOf({ workload: { perSecond: 40, closer: 'client' } }).recycledTooEarly).toBe(0);
  });
});

describe('a rule', () => {
  it('with several parts uses all of them', () => {
    const ranges = [
      { first: 30_000, last: 30_199 },
      { first: 50_000, last: 50_299 },
    ];
    const report = run({ nodes: { ranges }, workload: { perSecond: 5, hold: { kind: 'forever' } } });
    expect(report.nodes[0]).toMatchObject({ peakPorts: 500, capacityPorts: 500 });
  });

  it('with several addresses has as many ports on each', () => {
    const nodes = { ranges: [{ first: 40_000, last: 40_099 }], snatAddresses: 4 };
    const report = run({ nodes, workload: { pods: 200, perSecond: 4, hold: { kind: 'forever' } } });
    expect(report.nodes[0]).toMatchObject({ peakPorts: 400, capacityPorts: 400 });
  });

  it('with several addresses gives one pod only one of them', () => {
    const nodes = { ranges: [{ first: 40_000, last: 40_099 }], snatAddresses: 4 };
    const report = run({ nodes, workload: { pods: 1, perSecond: 4, hold: { kind: 'forever' } } });
    expect(report.nodes[0]).toMatchObject({ peakPorts: 100, capacityPorts: 400 });
  });

  it("without a random flag keeps a pod's own port", () => {
    const nodes = { random: 'none' as const, ranges: [{ first: 1024, last: 65_535 }] };
    const flows = simulate(scenarioFixture({ nodes, workload: { pods: 1 } })).factsOf(0, { at: '' }).flows;
    const kept = flows.flows.port
      .subarray(0, flows.flowCount)
      .filter((port, row) => port === flows.flows.sourcePort[row]);
    expect(kept).toHaveLength(flows.flowCount);
    expect(flows.flowCount).toBeGreaterThan(100);
  });
});

describe('an event', () => {
  const STEADY: ScenarioChanges = {
    durationSeconds: 300,
    sampleSeconds: 10,
    workload: { perSecond: 10, arrivals: 'regular', hold: { kind: 'fixed', seconds: 5 }, closer: 'reset' },
  };

  it('changes the range for new flows only, and what counts as used', () => {
    const event = { kind: 'nat-port-range', atSeconds: 100.5, ranges: [{ first: 50_000, last: 50_999 }] } as const;
    const simulation = simulate(scenarioFixture({ ...STEADY, durationSeconds: 105, events: [event] }));
    const { flows } = simulation.factsOf(0, { at: '' });
    const ports = flows.flows.port.subarray(0, flows.flowCount);
    expect(ports.filter((port) => port < 50_000).length).toBeGreaterThan(80);
    expect(ports.filter((port) => port >= 50_000)).toHaveLength(45);
    expect(simulation.report().series[0]?.usedPorts.at(-1)).toBe(45);
  });

  it('adds a burst to the rate, and sets the rate', () => {
    const opened = (event: NonNullable<ScenarioChanges['events']>[number]): readonly number[] =>
      run({ ...STEADY, events: [event] }).series[0]?.opened ?? [];
    const burst = opened({ kind: 'burst', atSeconds: 100, workload: 'web', perSecond: 20, forSeconds: 50 });
    expect(burst[5]).toBe(100);
    expect(burst.slice(11, 14)).toEqual([300, 300, 300]);
    expect(burst.at(-1)).toBe(100);
    const rate = opened({ kind: 'rate', atSeconds: 100, workload: 'web', perSecond: 2 });
    expect(rate.at(-1)).toBe(20);
  });

  it('replaces every pod: open connections end, as many are opened anew', () => {
    const event = { kind: 'deploy', atSeconds: 100, workload: 'web', overSeconds: 20 } as const;
    const held: ScenarioChanges = {
      ...STEADY,
      nodes: { kernel: '5.0' },
      workload: { ...STEADY.workload, perSecond: 1, stopSeconds: 90.5, hold: { kind: 'forever' } },
    };
    const report = run({ ...held, events: [event] });
    expect(report.destinations[0]).toMatchObject({ attempts: 180, atOnce: 180 });
    const [series] = report.series;
    // Samples end at 10, 20, ... s: the old connections' entries are in CLOSE for 10 s after their pod.
    expect(series?.usedPorts[8]).toBe(89);
    expect(Math.max(...(series?.usedPorts ?? []))).toBeGreaterThan(100);
    expect(series?.usedPorts.at(-1)).toBe(90);
  });

  it('spreads pods over more nodes, and moves them off those that go', () => {
    const more = run({ ...STEADY, events: [{ kind: 'nodes', atSeconds: 150, count: 2 }] });
    expect(more.nodes).toHaveLength(2);
    expect(more.series.find(({ node }) => node === 'worker-2')?.opened.at(-1)).toBe(50);
    const fewer = run({
      ...STEADY,
      nodes: { count: 2 },
      workload: { ...STEADY.workload, perSecond: 1, stopSeconds: 90.5, hold: { kind: 'forever' } },
      events: [{ kind: 'nodes', atSeconds: 150, count: 1 }],
    });
    expect(fewer.destinations[0]?.attempts).toBe(90 + 45);
    expect(fewer.series.find(({ node }) => node === 'worker-1')?.usedPorts.at(-1)).toBe(90);
    expect(fewer.series.find(({ node }) => node === 'worker-2')?.usedPorts.at(-1)).toBe(0);
  });
});

describe('pods', () => {
  it('go round all nodes, or only round the first ones', () => {
    const nodesWith = (onNodes: number | undefined): readonly number[] =>
      run({
        nodes: { count: 4 },
        workload: { pods: 8, perSecond: 4, ...(onNodes === undefined ? {} : { onNodes }) },
      }).nodes.map(({ peakPorts }) => peakPorts);
    expect(nodesWith(undefined).every((ports) => ports > 50)).toBe(true);
    expect(nodesWith(2).map((ports) => ports > 0)).toEqual([true, true, false, false]);
  });
});
