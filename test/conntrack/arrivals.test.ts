// New flows, counters and table use against the kernel's own files; a queue that overruns.
import { beforeAll, describe, expect, it } from 'vitest';
import type { FlowArrivals } from '../../src/core/model/churn.ts';
import type { Reading } from '../../src/core/model/reading.ts';
import { runInNamespace } from './namespace-child.ts';

interface Printed {
  readonly entries: number;
  readonly arrivals: Reading<FlowArrivals>;
  readonly overrun: Reading<FlowArrivals>;
  readonly overruns: number;
  readonly deleted: number;
  readonly departures: Reading<FlowArrivals>;
  readonly folded: Reading<FlowArrivals>;
  readonly table: Reading<{ count: number; max: number }>;
  readonly counters: Reading<Record<string, number>>;
  readonly proc: Record<string, number>;
}

let printed: Printed;

beforeAll(() => {
  printed = runInNamespace('arrivals-child') as Printed;
});

describe('ArrivalListener', () => {
  it('counts every new SNATed flow per port space', () => {
    const { value, complete } = printed.arrivals;
    expect(printed.entries).toBe(2001);
    expect(value.total).toBe(1400);
    expect(value.lossy).toBe(false);
    expect(complete).toBe(true);
    expect(value.portSpaces.reduce((sum, { count }) => sum + count, 0)).toBe(1400);
    expect(value.portSpaces.find(({ remoteAddress }) => remoteAddress === '203.0.113.0')).toEqual({
      protocol: 6,
      snatAddress: '192.0.2.10',
      remoteAddress: '203.0.113.0',
      remotePort: 443,
      zone: 0,
      count: 1232,
      lowestPort: 32_768,
      highestPort: 33_999,
    });
  });

  it('counts the SNATed flows that end', () => {
    expect(printed.deleted).toBe(1232);
    expect(printed.departures.value).toMatchObject({ total: 1400, ended: printed.deleted, lossy: false });
    expect(printed.arrivals.value.ended).toBe(0);
  });

  it('says that counts are lower bounds when its queue overran', () => {
    expect(printed.overruns).toBeGreaterThan(0);
    expect(printed.overrun.value.lossy).toBe(true);
    expect(printed.overrun.value.total).toBeLessThan(1400);
    expect(printed.overrun.complete).toBe(false);
    expect(printed.overrun.gaps[0]).toMatchObject({ id: 'events', why: expect.stringContaining('ENOBUFS') as string });
  });

  it('folds port spaces beyond its limit into the total', () => {
    expect(printed.folded.value.portSpaces).toHaveLength(3);
    expect(printed.folded.value.total).toBe(1400);
    expect(printed.folded.value.lossy).toBe(true);
  });
});

describe('conntrack statistics', () => {
  it('agree with the kernel files', () => {
    const { count, max, ...counters } = printed.proc;
    expect(printed.table.value).toEqual({ count, max });
    expect(printed.counters.value).toEqual(counters);
    expect(printed.counters.complete).toBe(true);
    expect(printed.counters.value).toMatchObject({ insertFailed: 1, drop: 1 });
    expect(printed.counters.value['found']).toBeGreaterThan(0);
  });
});
