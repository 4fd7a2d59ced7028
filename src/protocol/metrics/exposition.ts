// Metrics as text that Prometheus reads: its own format 0.0.4, and OpenMetrics 1.0 for who asks for it.
import { METRICS, sampleName } from './catalogue.ts';
import { LabelTexts, escapeHelp, escapeLabel } from './label-texts.ts';
import type { Metric, MetricInput, Sample } from './metric.ts';

export type ExpositionFormat = 'prometheus' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Units that OpenMetrics knows by name; a metric has one when its name ends in it. */
const UNITS: readonly string[] = ['seconds', 'bytes', 'ports'];

/** What an Accept header asks for. */
export function formatFor(accept: string | undefined): ExpositionFormat {
  return accept?.includes('application/openmetrics-text') === true ? 'openmetrics' : 'prometheus';
}

/** All metrics; one without a sample is left out. */
export function exposition(input: MetricInput, format: ExpositionFormat): string {
  const lines: string[] = [];
  for (const metric of METRICS) addFamily(lines, { metric, samples: metric.read(input), format });
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

interface Family {
  readonly metric: Metric;
  readonly samples: readonly Sample[];
  readonly format: ExpositionFormat;
}

/** A loop and one join at the end: there are thousands of samples, and a scrape often meets code that is not compiled yet. */
function addFamily(lines: string[], { metric, samples, format }: Family): void {
  if (samples.length === 0) return;
  const isOpen = format === 'openmetrics';
  const sampled = sampleName(metric);
  const name = isOpen ? metric.name : sampled;
  lines.push(`# HELP ${name} ${isOpen ? escapeLabel(metric.help) : escapeHelp(metric.help)}`);
  lines.push(`# TYPE ${name} ${metric.type}`);
  const unit = isOpen ? UNITS.find((each) => name.endsWith(`_${each}`)) : undefined;
  if (unit !== undefined) lines.push(`# UNIT ${name} ${unit}`);
  const texts = new LabelTexts(metric.labels);
  for (const sample of samples) lines.push(`${sampled}${texts.of(sample)} ${numberText(sample.value)}`);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
