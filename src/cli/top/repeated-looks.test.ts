import { describe, expect, it } from 'vitest';
import { BUSY } from '../../../test/golden/sample-top.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import { RepeatedLooks } from './repeated-looks.ts';

/** A world where a look takes its window and then so much more, of which so much is processor time. */
function world(costs: readonly number[], { hasCpu = true } = {}) {
  const clock = { now: 0, cpu: 500 };
  const windows: number[] = [];
  const sleeps: number[] = [];
  const begins: number[] = [];
  const left = [...costs];
  const source = new RepeatedLooks({
    name: 'fake',
    intervalSeconds: 2,
    firstWindowSeconds: 0.5,
    look: (windowSeconds) => {
      const cost = left.shift() ?? 0;
      windows.push(windowSeconds);
      begins.push(clock.now);
      clock.now += windowSeconds * 1000 + cost;
      clock.cpu += cost;
      return Promise.resolve(BUSY);
    },
    diagnose: (facts) => Promise.resolve(diagnose(facts)),
    now: () => clock.now,
    ...(hasCpu ? { cpuMilliseconds: () => clock.cpu } : {}),
    sleep: (milliseconds, signal) => {
      sleeps.push(milliseconds);
      clock.now += milliseconds;
      return signal.aborted ? Promise.reject(new Error('stopped')) : Promise.resolve();
    },
  });
  return { source, clock, windows, sleeps, begins };
}

const { signal } = new AbortController();

describe('looks at one node, again and again', () => {
  it('begin with a short window', async () => {
    const { source, windows } = world([]);
    for (let look = 0; look < 3; look += 1) await source.next(signal);
    expect(windows).toEqual([0.5, 2, 2]);
  });

  it('follow each other at once while they are cheap', async () => {
    const { source, sleeps } = world([50, 50, 50]);
    for (let look = 0; look < 2; look += 1) await source.next(signal);
    const { pace, at, nodes } = await source.next(signal);
    expect(sleeps).toEqual([]);
    expect(pace).toEqual({ intervalSeconds: 2, actualSeconds: 2.05, lookSeconds: 0.05 });
    expect(at).toBe(BUSY.at);
    expect(nodes[0]?.look?.node).toBe('worker-3');
  });

  it.each([true, false])('are at most a fifth of the time, however dear (CPU known: %s)', async (hasCpu) => {
    const costs = [600, 1000, 3000, 100, 700, 40];
    const { source, clock, begins } = world(costs, { hasCpu });
    for (const _ of costs) await source.next(signal);
    begins.push(clock.now);
    const periods = costs.slice(0, -1).map((_, index) => (begins[index + 1] ?? 0) - (begins[index] ?? 0));
    expect(periods).toEqual([3000, 5000, 15_000, 2100, 3500]);
  });

  it('say how far apart they are then', async () => {
    const { source, sleeps } = world([100, 1000, 10]);
    await source.next(signal);
    expect((await source.next(signal)).pace).toEqual({ intervalSeconds: 2, actualSeconds: 5, lookSeconds: 1 });
    expect(sleeps).toEqual([]);
    expect((await source.next(signal)).pace.actualSeconds).toBeCloseTo(2.01);
    expect(sleeps).toEqual([2000]);
  });

  it('end with the signal in the middle of a look', async () => {
    const stop = new AbortController();
    const never = new RepeatedLooks({
      name: 'never',
      intervalSeconds: 60,
      firstWindowSeconds: 60,
      look: () => new Promise(() => undefined),
      diagnose: (facts) => Promise.resolve(diagnose(facts)),
      now: () => 0,
      sleep: () => Promise.resolve(),
    });
    const look = never.next(stop.signal);
    stop.abort();
    await expect(look).rejects.toThrow('stopped');
  });

  it('end with the signal, also while waiting', async () => {
    const { source } = world([3000]);
    await source.next(signal);
    await expect(source.next(AbortSignal.abort())).rejects.toThrow('stopped');
  });
});
