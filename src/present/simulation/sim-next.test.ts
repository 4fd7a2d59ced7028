import { describe, expect, it } from 'vitest';
import { SAMPLE_SCENARIO, sampleSimulation } from '../../../test/golden/sample-simulation.ts';
import type { SimEvent, SimScenario } from '../../sim/sim-scenario.ts';
import { nextAfter } from './sim-next.ts';

const WIDER = [{ first: 4790, last: 65_535 }];

/** The sample loses packets of api from 630 s to 1200 s of 1800. */
function nextWith(events: readonly SimEvent[], changes: Partial<SimScenario> = {}): string {
  return nextAfter(sampleSimulation({ ...SAMPLE_SCENARIO, ...changes, events }), 'shop.yaml');
}

describe('what to type after a simulation', () => {
  it('is no plan for what the scenario itself mended', () => {
    const picture = 'portolan simulate shop.yaml -o svg > ports.svg';
    expect(nextWith([{ kind: 'nat-port-range', atSeconds: 1200, ranges: WIDER }])).toBe(picture);
    expect(nextWith([{ kind: 'nodes', atSeconds: 1200, count: 6 }])).toBe(picture);
  });

  it('is a plan where losses only ended, by themselves or before the change', () => {
    expect(nextWith([])).toMatch(/^portolan plan .* --nodes 5 /);
    expect(nextWith([{ kind: 'deploy', atSeconds: 600, workload: 'checkout', overSeconds: 60 }])).toMatch(/plan/);
    expect(nextWith([{ kind: 'nat-port-range', atSeconds: 1500, ranges: WIDER }])).toMatch(/plan/);
    expect(nextWith([{ kind: 'nodes', atSeconds: 300, count: 6 }], { durationSeconds: 1200 })).toMatch(/plan/);
  });

  it('plans from the range, the nodes and the highest rate that the scenario came to', () => {
    const command = nextWith(
      [
        { kind: 'nat-port-range', atSeconds: 100, ranges: WIDER },
        { kind: 'nodes', atSeconds: 150, count: 8 },
        { kind: 'rate', atSeconds: 200, workload: 'checkout', perSecond: 1700 },
        { kind: 'rate', atSeconds: 1000, workload: 'checkout', perSecond: 20 },
      ],
      { durationSeconds: 1200 },
    );
    expect(command).toMatch(/ --rate 1700\/s .* --nat-port-range 4790:65535 .* --nodes 8 /);
  });
});
