import { describe, expect, it } from 'vitest';
import { TCP, UDP } from '../model/protocol.ts';
import { askedPerSecond, attemptsPerFlow, dropWithRetries } from './syn-attempts.ts';

/** Ports that are full: whatever exceeds them is lost. */
function full(flowsOverPorts: number): (perFlow: number) => number {
  return (perFlow) => Math.max(0, 1 - 1 / (flowsOverPorts * perFlow));
}

describe('lost SYNs that come again', () => {
  it('make as many attempts as are lost, at most those of one client', () => {
    expect(attemptsPerFlow(0, 4)).toBe(1);
    expect(attemptsPerFlow(0.5, 4)).toBe(1.875);
    expect(attemptsPerFlow(1, 4)).toBe(4);
  });

  it('raise the chance until only those that give up make up the excess', () => {
    for (const excess of [1.01, 1.03, 1.2, 2]) {
      const drop = dropWithRetries(full(excess), 4);
      expect(drop).toBeCloseTo((1 - 1 / excess) ** (1 / 4), 2);
      expect(dropWithRetries(full(excess), 1)).toBeCloseTo(1 - 1 / excess, 9);
    }
    expect(dropWithRetries(full(0.9), 4)).toBe(0);
  });

  it('are one connection, while each datagram is its own', () => {
    const counted = { opened: 272, lost: 200 };
    expect(askedPerSecond(counted, { protocol: UDP })).toBe(472);
    expect(askedPerSecond(counted, { protocol: TCP })).toBeCloseTo(281, 0);
    expect(askedPerSecond({ opened: 10, lost: 0 }, { protocol: TCP })).toBe(10);
    expect(Number.isFinite(askedPerSecond({ opened: 0, lost: 10 }, { protocol: TCP }))).toBe(true);
  });
});
