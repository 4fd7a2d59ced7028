// Metrics as text that Prometheus reads: its own format 0.0.4, and OpenMetrics 1.0 for who asks for it.
import { METRICS, sampleName } from './catalogue.ts';
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
  const families = METRICS.map((metric) => family(metric, metric.read(input), format));
  return `${families.join('')}${format === 'openmetrics' ? '# EOF\n' : ''}`;
}

function family(metric: Metric, samples: readonly Sample[], format: ExpositionFormat): string {
  if (samples.length === 0) return '';
  const name = format === 'openmetrics' ? metric.name : sampleName(metric);
  const unit = format === 'openmetrics' ? UNITS.find((each) => name.endsWith(`_${each}`)) : undefined;
  const sampled = sampleName(metric);
  const heads = metric.labels.map((label, index) => `${index === 0 ? '{' : ','}${label.name}=`);
  const lines = [
    `# HELP ${name} ${format === 'openmetrics' ? escapeLabel(metric.help) : escapeHelp(metric.help)}`,
    `# TYPE ${name} ${metric.type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    ...samples.map((sample) => `${sampled}${labelText(heads, sample)} ${numberText(sample.value)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function labelText(heads: readonly string[], { labels }: Sample): string {
  if (heads.length === 0) return '';
  let text = '';
  for (let index = 0; index < heads.length; index += 1)
    text += `${heads[index] ?? ''}"${escapeLabel(labels[index] ?? '')}"`;
  return `${text}}`;
}

/** Most values have nothing to escape, and a scrape has thousands. */
const SPECIAL = /["\\\n]/;

/** Backslash, quote and line feed are escaped; a lone surrogate becomes U+FFFD where the text is turned into UTF-8. */
function escapeLabel(text: string): string {
  return SPECIAL.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
