// The agent's report of one moment: totals straight from the ledger, port spaces measured, the last diagnosis beside them.
import type { Diagnosis } from '../core/analysis/diagnosis.ts';
import { takeCensus } from '../core/ledger/ledger-census.ts';
import type { Gap } from '../core/model/gap.ts';
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import type { TableUse } from '../core/model/node-facts.ts';
import type { AgentReport, Detail, LostPackets, ResyncState } from '../protocol/agent-report.ts';
import type { CountWindow } from './count-window.ts';
import { diagnosisReport } from './diagnosis-report.ts';
import type { LedgerKeeper } from './ledger-keeper.ts';
import { measureSpaces } from './measure-spaces.ts';

/** What is known at that moment besides the ledger. */
export interface ReportSubject {
  readonly keeper: Pick<LedgerKeeper, 'ledger' | 'events' | 'clockSteps' | 'isCurrent'>;
  readonly window: CountWindow;
  readonly behaviour: KernelBehaviour;
  readonly detail: Detail;
  readonly diagnosis: Diagnosis | undefined;
  /** Wall-clock milliseconds. */
  readonly diagnosedAt: number;
  readonly atMilliseconds: number;
  readonly uptimeSeconds: number;
  readonly gaps: readonly Gap[];
  readonly lost: LostPackets;
  readonly resync: ResyncState | undefined;
  readonly table: TableUse | undefined;
  readonly cpuShare: number;
}

export function makeReport(subject: ReportSubject): AgentReport {
  const { keeper, window, behaviour, detail, diagnosis, diagnosedAt, resync, table } = subject;
  const { atMilliseconds, uptimeSeconds, gaps, lost, cpuShare } = subject;
  const { ledger, events, clockSteps } = keeper;
  const seconds = Math.max(window.seconds, 0.001);
  const census = takeCensus(ledger, detail.topSources);
  const withSources = detail.topSources > 0;
  const spaces = measureSpaces(ledger, { most: detail.topSpaces, behaviour, diagnosis, seconds, withSources });
  const listed = spaces.reduce((sum, { flows }) => sum + flows, 0);
  return {
    atMilliseconds,
    uptimeSeconds,
    isCurrent: keeper.isCurrent,
    gaps,
    flows: ledger.flowCount,
    counts: { ...ledger.counts },
    newPerSecond: window.began / seconds,
    endedPerSecond: window.ended / seconds,
    events: { read: events.events, overruns: events.overruns, unreadable: events.unreadable },
    ...(resync === undefined ? {} : { resync }),
    census,
    spaces,
    otherSpaces: { spaces: census.portSpaces - spaces.length, flows: ledger.flowCount - listed },
    lost,
    ...(table === undefined ? {} : { table }),
    ...(diagnosis === undefined ? {} : { diagnosis: diagnosisReport(diagnosis, diagnosedAt) }),
    detail,
    cpuShare,
    ledgerBytes: ledger.bytes,
    clockSteps: clockSteps.count,
  };
}
