// Every metric the agent exports.
import { AGENT_METRICS } from './agent-metrics.ts';
import type { Metric } from './metric.ts';
import { NODE_METRICS } from './node-metrics.ts';
import { SPACE_METRICS } from './space-metrics.ts';

export const METRICS: readonly Metric[] = [...NODE_METRICS, ...SPACE_METRICS, ...AGENT_METRICS];

/** The name of a metric's samples. */
export function sampleName({ name, type }: Pick<Metric, 'name' | 'type'>): string {
  return type === 'counter' ? `${name}_total` : name;
}
