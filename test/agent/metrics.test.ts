// The exposition, the alert rules and the dashboard, as promtool and a reader of our own take them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Pod } from '../../src/core/model/pod.ts';
import { ALERTS, ruleGroups } from '../../src/protocol/metrics/alerts.ts';
import { METRICS, sampleName } from '../../src/protocol/metrics/catalogue.ts';
import { dashboardExpressions } from '../../src/protocol/metrics/dashboard.ts';
import { exposition, formatFor } from '../../src/protocol/metrics/exposition.ts';
import type { MetricInput } from '../../src/protocol/metrics/metric.ts';
import { parseExposition as parse } from './parse-exposition.ts';
import { sampleReport } from './sample-report.ts';

const HOSTILE = 'a"b\\c\nd{e="f"} \u{1f600} \\n';

const hostilePod: Pod = {
  namespace: HOSTILE,
  name: `${HOSTILE}\r`,
  node: 'n',
  addresses: ['10.244.0.0'],
  isHostNetwork: false,
  hostPorts: [],
  workload: { kind: 'Deployment', namespace: HOSTILE, name: HOSTILE },
};

const input: MetricInput = {
  report: sampleReport({ spaces: 3, sources: 4 }),
  process: { cpuSeconds: 1.25, residentBytes: 5e7, startSeconds: 1.7e9 },
  version: '0.1.0',
  podOf: (address) => (address === '10.244.0.0' ? hostilePod : undefined),
  pods: { known: 4, ageSeconds: 0, gaps: [] },
  isPublishing: true,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-metrics-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly status: number | null;
  readonly output: string;
}

function promtool(args: readonly string[], stdin?: string): Ran {
  const ran = spawnSync('promtool', args, { encoding: 'utf8', ...(stdin === undefined ? {} : { input: stdin }) });
  if (ran.error !== undefined) throw ran.error;
  return { status: ran.status, output: ran.stdout + ran.stderr };
}

function checkRules(document: object): Ran {
  const path = join(folder, 'rules.yaml');
  writeFileSync(path, stringify(document));
  return promtool(['check', 'rules', path]);
}

describe('the exposition', () => {
  it('is what promtool accepts, without a remark', () => {
    expect(promtool(['check', 'metrics'], exposition(input, 'prometheus'))).toEqual({ status: 0, output: '' });
  });

  it('carries every metric of the catalogue and nothing else, within its bound', () => {
    const series = parse(exposition(input, 'prometheus'));
    expect([...series.keys()].sort()).toEqual(METRICS.map(sampleName).sort());
    for (const metric of METRICS)
      for (const { labels } of series.get(sampleName(metric)) ?? [])
        expect(Object.keys(labels)).toEqual(metric.labels.map(({ name }) => name));
  });

  it('brings hostile label values through unchanged', () => {
    const [first] = parse(exposition(input, 'prometheus')).get('portolan_source_flows') ?? [];
    expect(first?.labels).toMatchObject({ source: '10.244.0.0', namespace: HOSTILE, pod: `${HOSTILE}\r` });
    const ports = parse(exposition(input, 'prometheus')).get('portolan_port_space_source_ports') ?? [];
    expect(ports.map(({ labels }) => labels['pod'])).toContain(`${HOSTILE}\r`);
  });

  it('says the same as OpenMetrics, with units and an end', () => {
    const text = exposition(input, 'openmetrics');
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(text).toContain('# TYPE portolan_new_flows counter\nportolan_new_flows_total 10\n');
    expect(text).toContain('# UNIT process_resident_memory_bytes bytes\n');
    expect(parse(text)).toEqual(parse(exposition(input, 'prometheus')));
  });

  it('never gives two samples the same name and labels', () => {
    const lines = exposition(input, 'prometheus')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('leaves out what is not known', () => {
    const { table: _, diagnosis: __, resync: ___, ...report } = input.report;
    const { isPublishing: ____, ...untold } = input;
    const series = parse(exposition({ ...untold, report }, 'prometheus'));
    expect(series.has('portolan_agent_publishing')).toBe(false);
    expect(series.has('portolan_conntrack_entries')).toBe(false);
    expect(series.has('portolan_severity')).toBe(false);
    expect(series.has('portolan_agent_last_resync_timestamp_seconds')).toBe(false);
    for (const name of ['portolan_flows', 'portolan_new_flows_total', 'portolan_port_space_flows'])
      expect([name, series.has(name)]).toEqual([name, false]);
  });

  it('gives no zero for losses that are not counted', () => {
    const gap = { id: 'counters', what: 'counters', why: 'EPERM', weakens: 'losses' } as const;
    const series = parse(exposition({ ...input, report: { ...input.report, gaps: [gap] } }, 'prometheus'));
    expect(series.has('portolan_lost_packets_total')).toBe(false);
    expect(series.has('portolan_flows')).toBe(true);
  });

  it('is chosen by what is asked for', () => {
    expect(formatFor(undefined)).toBe('prometheus');
    expect(formatFor('text/plain')).toBe('prometheus');
    expect(formatFor('application/openmetrics-text;version=1.0.0,text/plain;q=0.5')).toBe('openmetrics');
  });
});

const nameOf = new Set(METRICS.map(sampleName));

function metricsIn(expression: string): readonly string[] {
  return expression.match(/(?:portolan|process)_[a-z_]+/g) ?? [];
}

describe('the alert rules', () => {
  it('are what promtool accepts, as they lie in deploy/', () => {
    const file = promtool(['check', 'rules', 'deploy/prometheus-rules.yaml']);
    expect(file.output).toContain(`SUCCESS: ${ALERTS.length} rules found`);
    expect(file.status).toBe(0);
  });

  it('speak of metrics that exist, and of pages that do', () => {
    for (const { expression, page } of ALERTS) {
      for (const name of metricsIn(expression)) expect(nameOf).toContain(name);
      expect(readFileSync(page, 'utf8')).toMatch(/^# /);
    }
  });

  it('fire when they should and only then', () => {
    const rules = join(folder, 'tested-rules.yaml');
    writeFileSync(rules, stringify(ruleGroups()));
    const age = (instance: string): string => `portolan_agent_pods_age_seconds{job="p",instance="${instance}"}`;
    const unknownPods = (instance: string): string => `portolan_agent_gaps{gap="pods",job="p",instance="${instance}"}`;
    const space = 'protocol="tcp",remote="203.0.113.9:443",snat_address="192.0.2.10",zone="0",instance="n"';
    const test = {
      rule_files: [rules],
      tests: [
        {
          interval: '1m',
          input_series: [
            { series: `portolan_port_space_drop_probability{${space}}`, values: '0x5 0.05x10' },
            { series: 'portolan_agent_current{instance="n"}', values: '1x10 0x10' },
            { series: 'portolan_lost_packets_total{cause="exhaustion",instance="n"}', values: '0+60x20' },
            { series: 'portolan_lost_packets_total{cause="race",instance="n"}', values: '7x20' },
            // Away for a while, away for good, never known, known all the time.
            { series: age('short'), values: '0x4 60 120 180 240 300 0x20' },
            { series: age('long'), values: '0x4 60+60x40' },
            { series: unknownPods('long'), values: '_x5 1x40' },
            { series: unknownPods('never'), values: '1x40' },
            { series: age('fine'), values: '0x40' },
            { series: 'portolan_agent_publishing{instance="heard"}', values: '1x5 0x10 1x20' },
            { series: 'portolan_agent_publishing{instance="refused"}', values: '0x40' },
          ],
          alert_rule_test: [
            { eval_time: '5m', alertname: 'PortolanPortsExhausted', exp_alerts: [] },
            {
              eval_time: '8m',
              alertname: 'PortolanPortsExhausted',
              exp_alerts: [
                {
                  exp_labels: {
                    severity: 'critical',
                    protocol: 'tcp',
                    remote: '203.0.113.9:443',
                    snat_address: '192.0.2.10',
                    zone: '0',
                    instance: 'n',
                  },
                  exp_annotations: {
                    summary: 'No SNAT ports left: tcp 203.0.113.9:443 via 192.0.2.10 on n',
                    description: (ALERTS[0]?.description ?? '').replace('{{ $value | humanizePercentage }}', '5%'),
                    runbook: 'docs/checks/exhausted.md',
                  },
                },
              ],
            },
            { eval_time: '9m', alertname: 'PortolanAgentNotCurrent', exp_alerts: [] },
            { eval_time: '10m', alertname: 'PortolanPacketsLostToRaces', exp_alerts: [] },
          ],
          promql_expr_test: [
            {
              expr: 'count(ALERTS{alertname="PortolanPacketsLostToExhaustion",alertstate="firing"})',
              eval_time: '10m',
              exp_samples: [{ labels: '{}', value: 1 }],
            },
            ...[
              { eval_time: '4m', instances: [] },
              { eval_time: '6m', instances: ['never'] },
              { eval_time: '18m', instances: ['never'] },
              { eval_time: '21m', instances: ['long', 'never'] },
            ].map(({ eval_time, instances }) => ({
              expr: 'count by (instance) (ALERTS{alertname="PortolanPodNamesOld",alertstate="firing"})',
              eval_time,
              exp_samples: instances.map((instance) => ({ labels: `{instance="${instance}"}`, value: 1 })),
            })),
            {
              expr: 'count by (instance) (ALERTS{alertname="PortolanAgentNotHeard",alertstate="firing"})',
              eval_time: '16m',
              exp_samples: [{ labels: '{instance="refused"}', value: 1 }],
            },
            {
              expr: 'count(ALERTS{alertname="PortolanAgentNotCurrent",alertstate="firing"})',
              eval_time: '18m',
              exp_samples: [{ labels: '{}', value: 1 }],
            },
          ],
        },
      ],
    };
    const path = join(folder, 'rule-tests.yaml');
    writeFileSync(path, stringify(test));
    const ran = promtool(['test', 'rules', path]);
    expect(ran.output).toContain('SUCCESS');
    expect(ran.status).toBe(0);
  });
});

describe('the dashboard', () => {
  it('asks for metrics that exist, in expressions that promtool accepts', () => {
    const expressions = dashboardExpressions().map((expression) => expression.replaceAll('$instance', '.*'));
    for (const name of expressions.flatMap(metricsIn)) expect(nameOf).toContain(name);
    const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
    const ran = checkRules({ groups: [{ name: 'dashboard', rules }] });
    expect(ran.output).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(checkRules({ groups: [{ name: 'broken', rules: [{ record: 'a:b', expr: 'sum(' }] }] }).status).not.toBe(0);
  });
});
