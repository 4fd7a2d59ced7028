import { describe, expect, it } from 'vitest';
import { PressureGauge } from './pressure-gauge.ts';
import type { NodePressure } from './pressure-of-report.ts';

const of = (status: NodePressure['status'], reason: string = status): NodePressure => ({ status, reason, message: '' });

/** What is told at each second, of a state that is seen from that second on. */
function toldAt(seen: Readonly<Record<number, NodePressure['status']>>, seconds: readonly number[]): unknown[] {
  const gauge = new PressureGauge();
  const told = new Map<number, unknown>();
  let status: NodePressure['status'] = 'Unknown';
  for (let second = 0; second <= Math.max(...seconds); second += 1) {
    status = seen[second] ?? status;
    told.set(second, gauge.note(of(status), second * 1000)?.status);
  }
  return seconds.map((second) => told.get(second));
}

describe('PressureGauge', () => {
  it.each(['True', 'False'] as const)('tells the first answer at once: %s', (status) => {
    expect(toldAt({ 0: status }, [0])).toEqual([status]);
  });

  it('tells that there is no answer after a while', () => {
    expect(toldAt({ 0: 'Unknown' }, [0, 59, 60])).toEqual([undefined, undefined, 'Unknown']);
  });

  it('tells pressure that has lasted, and that it is over once that has lasted longer', () => {
    expect(toldAt({ 0: 'False', 400: 'True', 500: 'False' }, [429, 430, 799, 800])).toEqual([
      'False',
      'True',
      'True',
      'False',
    ]);
  });

  it('does not tell what comes and goes', () => {
    const flapping = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [index * 20, index % 2 === 0 ? 'False' : 'True'] as const),
    );
    const all = Array.from({ length: 2000 }, (_, second) => second);
    expect(new Set(toldAt(flapping, all))).toEqual(new Set(['False']));
  });

  it('never changes twice within five minutes, whatever is seen', () => {
    const seen = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        index * 61,
        (['True', 'False', 'Unknown'] as const)[index % 3] ?? 'True',
      ]),
    );
    const all = Array.from({ length: 3600 }, (_, second) => second);
    const told = toldAt(seen, all);
    const changes = all.filter((second) => second > 0 && told[second] !== told[second - 1]);
    expect(changes.length).toBeGreaterThan(2);
    for (const [index, second] of changes.entries())
      expect(second - (changes[index - 1] ?? -300)).toBeGreaterThanOrEqual(300);
  });

  it('tells the latest reason of what it tells', () => {
    const gauge = new PressureGauge();
    gauge.note(of('True', 'PortsExhausted'), 0);
    expect(gauge.note(of('True', 'PortsLeaked'), 1)).toMatchObject({ reason: 'PortsLeaked' });
  });
});
