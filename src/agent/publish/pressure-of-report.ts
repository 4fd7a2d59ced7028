// What a report says of the node's SNAT ports, in the words of a condition of Kubernetes.
import type { CheckId } from '../../core/analysis/finding.ts';
import type { ConditionStatus } from '../../act/publish/node-condition.ts';
import type { AgentReport } from '../../protocol/agent-report.ts';

export interface NodePressure {
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

/** A diagnosis comes at least every 40 minutes (resync-schedule.ts at the lowest detail); reports every 5 s. */
const STALE_MILLISECONDS = 60_000;

const REASONS: Readonly<Partial<Record<CheckId, string>>> = {
  exhausted: 'PortsExhausted',
  leak: 'PortsLeaked',
  churn: 'PortsHeldByClosedConnections',
  nearing: 'PortsNearlyExhausted',
};

/** `report` is undefined before the first look; `clock` is wall-clock milliseconds. */
export function pressureOfReport(report: AgentReport | undefined, clock: number): NodePressure {
  if (report === undefined || clock - report.atMilliseconds > STALE_MILLISECONDS)
    return { status: 'Unknown', reason: 'NotWatched', message: 'The agent has no recent look at this node.' };
  const pressure = report.diagnosis?.pressure;
  if (pressure === undefined)
    return { status: 'Unknown', reason: 'NotWatched', message: 'The agent has not diagnosed this node yet.' };
  const { state, check, sentence: message } = pressure;
  if (state === 'unknown') return { status: 'Unknown', reason: 'CannotTell', message };
  if (state === 'enough') return { status: 'False', reason: 'PortsSuffice', message };
  return { status: 'True', reason: REASONS[check] ?? 'PortsShort', message };
}
