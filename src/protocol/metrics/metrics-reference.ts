// docs/reference/metrics.md, made from the catalogue, so that it cannot say anything else than the agent does.
import { ALERTS } from './alerts.ts';
import { METRICS, sampleName } from './catalogue.ts';
import type { Metric } from './metric.ts';

/** The whole page. */
export function metricsReference(): string {
  const blocks = [
    '# Metrics',
    '<!-- Made from src/protocol/metrics: change it there, then npm run reference -->',
    '`portolan agent` exports these at `/metrics`, as Prometheus text 0.0.4 and, for who asks for it, as OpenMetrics 1.0. The number of series is bounded whatever happens on the node: the fullest port spaces and the largest sources get series of their own, the rest is one series called `other`.',
    'A metric without a value is left out: what could not be seen is in `portolan_agent_gaps`, never a zero.',
    metricTable(METRICS),
    '## Labels',
    labelTable(METRICS),
    '## Alerts',
    '`deploy/prometheus-rules.yaml` is a rule file, `deploy/prometheus-rule.yaml` the same for the Prometheus operator, `deploy/grafana-dashboard.json` a dashboard. All are made from the same catalogue.',
    alertTable(),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function metricTable(metrics: readonly Metric[]): string {
  const rows = metrics.map(
    (metric) =>
      `| \`${sampleName(metric)}\` | ${metric.type} | ${metric.unit} | ${labelNames(metric)} | ${metric.bound} | ${metric.help} |`,
  );
  return ['| Metric | Type | Unit | Labels | Series at most | Meaning |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function labelNames({ labels }: Metric): string {
  return labels.map(({ name }) => `\`${name}\``).join(', ');
}

function labelTable(metrics: readonly Metric[]): string {
  const meanings = new Map<string, { readonly name: string; readonly meaning: string; readonly metrics: string[] }>();
  for (const metric of metrics)
    for (const { name, meaning } of metric.labels) {
      const known = meanings.get(`${name} ${meaning}`) ?? { name, meaning, metrics: [] };
      known.metrics.push(sampleName(metric));
      meanings.set(`${name} ${meaning}`, known);
    }
  const rows = [...meanings.values()].map(
    ({ name, meaning, metrics: of }) => `| \`${name}\` | ${meaning} | ${of.map((each) => `\`${each}\``).join(', ')} |`,
  );
  return ['| Label | Meaning | Of |', '|---|---|---|', ...rows].join('\n');
}

function alertTable(): string {
  const rows = ALERTS.map(
    ({ name, severity, expression, for: duration, page }) =>
      `| ${name} | ${severity} | \`${expression.replaceAll('|', '\\|')}\` for ${duration} | [${page}](../../${page}) |`,
  );
  return ['| Alert | Severity | When | What to do |', '|---|---|---|---|', ...rows].join('\n');
}
