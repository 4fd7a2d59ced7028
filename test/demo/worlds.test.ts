// Both worlds of the demo through one interface: what the story takes for granted holds on the kernel and in the simulation.
import { describe, expect, it } from 'vitest';
import { SimulatedWorld } from '../../src/cli/demo/simulated-world.ts';
import { runIsolated } from '../lab/run-isolated.ts';
import { NARROW, type Visit, visit } from './world-programs.ts';

const PROGRAMS = new URL('./world-programs.js', import.meta.url);

describe.each([
  ['the kernel', () => Promise.resolve(runIsolated(PROGRAMS, 'visitLab') as Visit)],
  ['the simulation', () => visit(new SimulatedWorld(NARROW, undefined))],
])('a demo world of %s', (_, begin) => {
  const visited = begin();

  it('connects at once while ports are free', async () => {
    const { connects, pods } = await visited;
    expect(pods).toBeGreaterThanOrEqual(3);
    for (const burst of [connects.fresh, connects.ended]) {
      expect(burst).toMatchObject({ tried: 60, atOnce: 60, late: 0, lost: 0 });
      expect(burst.slowestMilliseconds).toBeLessThan(900);
    }
  });

  it('lets connects be late or lost while nearly every port is held, and loses none once the range is wide', async () => {
    const { full, widened } = (await visited).connects;
    // A SYN is lost with a chance of about 1/3: none of 60 happens once in 10^10 runs.
    expect(full.late + full.lost).toBeGreaterThan(0);
    expect(full.slowestMilliseconds).toBeGreaterThanOrEqual(900);
    for (const { tried, atOnce, late, lost } of [full, widened])
      expect([tried, atOnce + late + lost]).toEqual([60, 60]);
    expect(widened.late + widened.lost).toBeLessThan(full.late + full.lost);
  });

  it('shows itself to the diagnosis as what it is', async () => {
    const { full, widened, ended } = (await visited).looks;
    expect(full).toMatchObject({ verdict: 'exhausted', capacityPorts: 32_768 });
    expect(full.usedPorts).toBeGreaterThan(32_000);
    expect(full.dropProbability).toBeGreaterThan(0.2);
    expect(full.lost).toBeGreaterThan(0);
    expect(widened.capacityPorts).toBe(64_511);
    expect(widened.dropProbability).toBeLessThan(full.dropProbability / 5);
    expect(ended).toMatchObject({ verdict: 'fine', capacityPorts: 64_511, lost: 0 });
    expect(ended.usedPorts).toBeLessThan(2000);
  });

  it('gives new flows ports of the range in force', async () => {
    const { full, widened } = (await visited).looks;
    expect(full.newFlows).toBeGreaterThan(0);
    expect(full.lowestPort).toBeGreaterThanOrEqual(NARROW.first);
    // 180 flows or so, each below the old range with a chance of 0.96: none of them there is out of the question.
    expect(widened.newFlows).toBeGreaterThan(100);
    expect(widened.lowestPort).toBeLessThan(NARROW.first);
    expect(widened.lowestPort).toBeGreaterThanOrEqual(1025);
  });

  it('says of itself whether it is real', async () => {
    const { label, headings, said } = await visited;
    expect(headings).toHaveLength(4);
    const isReal = label === '';
    expect(said.some((line) => line.startsWith('Measured'))).toBe(isReal);
    expect(said.some((line) => line.startsWith('Simulated'))).toBe(!isReal);
    expect(said[0]).toMatch(/^32,\d{3} of 32,768 ports held/);
  });
});
