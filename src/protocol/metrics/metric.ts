// What a metric is: one description from which the exposition, its reference page and the checks on both are made.
import type { Gap } from '../../core/model/gap.ts';
import type { Pod } from '../../core/model/pod.ts';
import type { AgentReport } from '../agent-report.ts';

export interface Sample {
  /** In the order of the metric's labels. */
  readonly labels: readonly string[];
  /** Those that follow, for a metric with many samples: what samples have in common they share, list and all. */
  readonly more?: readonly string[];
  readonly value: number;
}

export interface Label {
  readonly name: string;
  readonly meaning: string;
}

/** Figures of the agent's own process, at the time of the request. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  /** Absent where /proc is not mounted. */
  readonly residentBytes?: number;
  readonly startSeconds: number;
}

/** What is known of the pods of the node. */
export interface PodsReport {
  readonly known: number;
  /** 0 while they are followed; absent when they were never known whole. */
  readonly ageSeconds?: number;
  readonly gaps: readonly Gap[];
}

/** What metrics are made from. */
export interface MetricInput {
  readonly report: AgentReport;
  readonly process: ProcessFigures;
  readonly version: string;
  /** The pod with this address, where it is known. */
  readonly podOf?: (address: string) => Pod | undefined;
  /** Absent when nobody follows the pods. */
  readonly pods?: PodsReport;
  /** Whether the API server takes what the agent tells of its node; absent where nothing is told. */
  readonly isPublishing?: boolean;
}

export interface Metric {
  /** Without `_total`, which a counter's samples get. */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  /** `ports`, `seconds`, `bytes`, ...: for a person; the name ends in it where it is a unit of its own. */
  readonly unit: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** How many series there can be at most, in words. */
  readonly bound: string;
  /** What must have been seen for it: without, it is left out and no zero. */
  readonly needs?: 'flows' | 'counters';
  readonly read: (input: MetricInput) => readonly Sample[];
}

/** Whether the agent sees what the metric needs. Its table of flows is empty, not short, until a dump has filled it. */
export function isSeen({ needs }: Metric, { report }: MetricInput): boolean {
  if (needs === 'flows') return report.resync !== undefined;
  if (needs === 'counters') return !report.gaps.some(({ id }) => id === 'counters' || id === 'conntrack-absent');
  return true;
}

/** A metric without labels. */
export function one(value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [{ labels: [], value }];
}

/** A metric with one label. */
export function by(values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([label, value]) => ({ labels: [label], value }));
}
