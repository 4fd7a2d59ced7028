// The whole chain on simulated nodes: a cluster runs, its facts are diagnosed, and the verdict must name what was simulated.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { CheckId, Severity } from '../../src/core/analysis/finding.ts';
import { UDP } from '../../src/core/model/protocol.ts';
import { AT, PORTS, type ScenarioChanges, scenarioFixture, seeds, simulate } from './scenario-fixture.ts';

interface Story {
  readonly name: string;
  readonly check: CheckId;
  readonly severities: readonly Severity[];
  readonly changes: ScenarioChanges;
}

/**
 * Each story lies so far from its neighbours' thresholds that a wrong name is a fault, not bad luck: the margin of ports or
 * arrivals is at least 6 standard deviations, less than one wrong name in 10^8 runs. Seeds are fixed on top of that.
 */
const STORIES: readonly Story[] = [
  {
    // 1,024 ports offered 1,280 connections at once: Erlang keeps more than 1,000 of them held.
    name: 'long-lived connections hold nearly all ports',
    check: 'exhausted',
    severities: ['critical'],
    changes: { workload: { perSecond: 16, hold: { kind: 'exponential', meanSeconds: 80 } } },
  },
  {
    // 12 connections/s for 120 s each: 1,440 on an old kernel's 1,024 ports.
    name: 'short connections on a kernel that keeps TIME_WAIT',
    check: 'churn',
    severities: ['critical'],
    changes: { nodes: { kernel: '5.0' }, workload: { perSecond: 12 } },
  },
  {
    name: 'the same where the kernel takes TIME_WAIT over',
    check: 'fine',
    severities: ['ok'],
    changes: { workload: { perSecond: 12 } },
  },
  {
    name: 'datagrams faster than 30 s free their ports',
    check: 'churn',
    severities: ['critical'],
    changes: {
      destination: { protocol: UDP, port: 53 },
      workload: { perSecond: 45, hold: { kind: 'fixed', seconds: 0 } },
    },
  },
  { name: 'little traffic', check: 'fine', severities: ['ok'], changes: {} },
  {
    // 3 new a second and none ever closes: 720 of 1,024 after 240 s, all of them 100 s later.
    name: 'connections that only accumulate, not yet full',
    check: 'nearing',
    severities: ['warning'],
    changes: { durationSeconds: 240, workload: { perSecond: 3, hold: { kind: 'forever' }, arrivals: 'regular' } },
  },
  {
    name: 'the server closes first and ports come back at once',
    check: 'recycled-too-early',
    severities: ['warning'],
    changes: { workload: { perSecond: 40, closer: 'server' } },
  },
  {
    // 7 SYNs a second without an answer, 120 s each: 840 ports.
    name: 'SYNs that nobody answers',
    check: 'leak',
    severities: ['warning', 'critical'],
    changes: { destination: { answers: false }, workload: { perSecond: 7, arrivals: 'regular' } },
  },
  {
    // 0.05 a second for 5 h: 900 peers gone, 540 of them for more than two hours.
    name: 'peers that vanish without a close',
    check: 'leak',
    severities: ['info'],
    changes: {
      durationSeconds: 18_000,
      sampleSeconds: 600,
      workload: { perSecond: 0.05, arrivals: 'regular', closer: 'vanish' },
    },
  },
];

describe('the kernel of a simulated node', () => {
  const releaseOf = (nodes: ScenarioChanges['nodes']): string => {
    const simulation = simulate(scenarioFixture({ nodes: nodes ?? {}, durationSeconds: 60 }));
    return simulation.factsOf(0, { at: AT }).behaviour.release;
  };

  it('has the release that was typed, or else is named by its era', () => {
    expect(releaseOf({ kernel: '5.0', release: '6.1' })).toBe('6.1 (simulated)');
    expect(releaseOf({ kernel: '5.0' })).toBe('5.0 (simulated)');
  });
});

describe('a simulated node', () => {
  for (const { name, check, severities, changes } of STORIES) {
    it(`${name}: ${check}, on every seed`, () => {
      for (const seed of seeds(5)) {
        const diagnosis = diagnose(simulate(scenarioFixture({ ...changes, seed })).factsOf(0, { at: AT }));
        const findings = [...(diagnosis.portSpaces[0]?.findings ?? []), ...diagnosis.findings];
        const found = findings.find((finding) => finding.check === check);
        expect(found, `seed ${seed}: ${findings.map((finding) => finding.check).join(', ')}`).toBeDefined();
        expect(severities).toContain(found?.severity);
        expect(diagnosis.gaps).toEqual([]);
      }
    });
  }

  it('names the table, not the ports, when conntrack has no room', () => {
    const full = scenarioFixture({ nodes: { conntrackMax: 500 }, workload: { perSecond: 8 } });
    const simulation = simulate(full);
    const diagnosis = diagnose(simulation.factsOf(0, { at: AT }));
    expect(diagnosis.findings[0]).toMatchObject({ check: 'table-full', severity: 'critical' });
    expect(simulation.report().destinations[0]?.drops).toBe(0);
    expect(simulation.report().destinations[0]?.tableFullDrops).toBeGreaterThan(0);
  });

  it('shows the range by its rule, and the ports that the series show', () => {
    const simulation = simulate(scenarioFixture({ workload: { perSecond: 4 } }));
    const [row] = diagnose(simulation.factsOf(0, { at: AT })).portSpaces;
    const [series] = simulation.report().series;
    expect(row?.effective).toMatchObject({ range: { first: 40_000, last: 40_000 + PORTS - 1 }, owner: 'calico' });
    expect(row?.usedPorts).toBe(series?.usedPorts.at(-1));
    expect(row?.livePorts).toBe(series?.livePorts.at(-1));
    expect(row?.dropProbability).toBe(series?.dropProbability.at(-1));
  });

  it('sees new flows at the rate they come', () => {
    const regular = scenarioFixture({ workload: { perSecond: 5, arrivals: 'regular' } });
    const [row] = diagnose(simulate(regular).factsOf(0, { at: AT })).portSpaces;
    expect(row?.newPerSecond).toBeCloseTo(5, 1);
  });
});
