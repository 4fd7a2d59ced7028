import { describe, expect, it } from 'vitest';
import {
  arrivalsFixture,
  closingFixture,
  datagramsFixture,
  flowsFixture,
  nodeFactsFixture,
  NOT_EVICTING,
} from '../../test/analysis/node-facts-fixture.ts';
import { diagnose } from '../core/analysis/diagnose.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import { observedScenario } from './observed-scenario.ts';
import { Simulation } from './simulation.ts';

const scenarioOf = (facts: NodeFacts) => observedScenario(facts, diagnose(facts));

describe('observedScenario', () => {
  const busy = nodeFactsFixture({
    behaviour: NOT_EVICTING,
    flows: [
      ...closingFixture(24_000),
      ...flowsFixture(200, { port: 60_000, source: '10.1.0.8' }),
      ...datagramsFixture(300),
    ],
    arrivals: arrivalsFixture(400),
    settings: { tcpTimeWaitSeconds: 121 },
  });

  it('takes range, kernel, timeouts, rate and hold from the node', () => {
    const scenario = scenarioOf(busy);
    expect(scenario?.nodes).toMatchObject({
      count: 1,
      ranges: [{ first: 32_768, last: 65_535 }],
      random: 'random-fully',
      kernel: '5.0',
      timeWaitSeconds: 121,
      conntrackMax: 262_144,
    });
    expect(scenario?.destinations.map(({ name }) => name)).toEqual(['203.0.113.9:443', '203.0.113.9:53/udp']);
    const [tcp] = scenario?.workloads ?? [];
    expect(tcp).toMatchObject({ pods: 2, perSecond: 200, closer: 'client', startSeconds: 0 });
  });

  it('comes, played, to as many ports held as were seen', () => {
    const scenario = scenarioOf(busy);
    if (scenario === undefined) throw new Error('no scenario');
    const simulation = new Simulation(scenario);
    simulation.advanceTo(scenario.durationSeconds);
    const [node] = simulation.report().nodes;
    expect(node?.peakPorts).toBeGreaterThan(24_200 * 0.9);
    expect(node?.peakPorts).toBeLessThan(24_200 * 1.1);
  });

  it('holds what it saw where no rate is known, and says so', () => {
    const scenario = scenarioOf({ ...busy, arrivals: undefined });
    expect(scenario?.workloads[0]).toMatchObject({ hold: { kind: 'forever' }, stopSeconds: 60 });
    expect(scenario?.story).toContain('For 2 of them no rate was seen');
  });

  it('is none where nothing could be played', () => {
    expect(scenarioOf(nodeFactsFixture())).toBeUndefined();
  });
});
