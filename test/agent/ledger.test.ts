// The ledger against the kernel after random churn, by events, by resyncs, and after events were lost.
import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerCounts } from '../../src/core/ledger/ledger-counts.ts';
import type { ResyncReport } from '../../src/agent/ledger-keeper.ts';
import type { ChurnReport } from './churn.ts';
import type { Comparison } from './compare-ledger.ts';
import { runInNamespace } from './namespace-child.ts';

interface Joined {
  readonly churned: ChurnReport;
  readonly first: ResyncReport;
  readonly byEvents: Comparison;
  readonly resync: ResyncReport;
  readonly byResync: Comparison;
  readonly counts: LedgerCounts;
  readonly seen: { readonly events: number; readonly overruns: number; readonly isFiltered: boolean };
  readonly isCurrent: boolean;
  readonly gaps: readonly unknown[];
}

interface Overrun {
  readonly during: { readonly overruns: number; readonly isCurrent: boolean };
  readonly busy: ResyncReport;
  readonly lost: Comparison;
  readonly resync: ResyncReport;
  readonly healed: Comparison;
  readonly isCurrent: boolean;
}

interface Printed {
  readonly auto: Joined;
  readonly always: Joined;
  readonly overrun: Overrun;
}

const NOTHING = { missing: [], extra: [] };
const SAME = { dump: NOTHING, text: NOTHING };

let printed: Printed;

beforeAll(() => {
  printed = runInNamespace('ledger-child') as Printed;
});

describe.each(['auto', 'always'] as const)('LedgerKeeper, events heard: %s', (events) => {
  it('knows by events who holds which port', () => {
    const { byEvents, churned, seen } = printed[events];
    expect(byEvents).toMatchObject(SAME);
    expect(byEvents.dump.flows).toBeGreaterThan(1000);
    expect(churned.steps).toBeGreaterThan(5000);
    expect(seen).toMatchObject({ overruns: 0, isFiltered: true });
  });

  it('equals a fresh dump and conntrack -L to the letter after a resync', () => {
    const { byResync, resync, isCurrent, gaps } = printed[events];
    expect(byResync).toMatchObject(SAME);
    expect(resync).toMatchObject({ found: 0, isWhole: true });
    expect(isCurrent).toBe(true);
    expect(gaps).toEqual([]);
  });

  it('hears nothing of flows that hold no port: the kernel leaves them out', () => {
    const { seen, counts } = printed[events];
    expect(seen.events).toBe(counts.began + counts.ended);
  });

  it('took over the flows that were there before it', () => {
    expect(printed[events].first.flows).toBeGreaterThan(500);
    expect(printed[events].counts.found).toBe(printed[events].first.found);
  });
});

describe('LedgerKeeper whose queue overruns', () => {
  it('counts the losses and says that it is not current', () => {
    expect(printed.overrun.during.overruns).toBeGreaterThan(0);
    expect(printed.overrun.during.isCurrent).toBe(false);
  });

  it('is wrong without a resync, and right after one', () => {
    const { lost, healed, resync, isCurrent } = printed.overrun;
    expect(lost.dump.missing.length + lost.dump.extra.length).toBeGreaterThan(0);
    expect(healed).toMatchObject(SAME);
    expect(resync.found + resync.vanished).toBeGreaterThan(0);
    expect(isCurrent).toBe(true);
  });
});
