// Every metric the agent exports.
import { AGENT_METRICS } from './agent-metrics.ts';
import { isSeen, type Metric } from './metric.ts';
import { NODE_METRICS } from './node-metrics.ts';
import { SPACE_METRICS } from './space-metrics.ts';

const OF_FLOWS: readonly Metric[] = SPACE_METRICS.map((metric) => ({ ...metric, needs: 'flows' }));

export const METRICS: readonly Metric[] = [...NODE_METRICS, ...OF_FLOWS, ...AGENT_METRICS].map(leftOutUnseen);

function leftOutUnseen(metric: Metric): Metric {
  return { ...metric, read: (input) => (isSeen(metric, input) ? metric.read(input) : []) };
}

/** The name of a metric's samples. */
export function sampleName({ name, type }: Pick<Metric, 'name' | 'type'>): string {
  return type === 'counter' ? `${name}_total` : name;
}
