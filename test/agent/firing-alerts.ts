// Which alerts fire over metrics that stay as they are for a while: asked of promtool, which evaluates the rules as Prometheus does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { CheckId, Severity } from '../../src/core/analysis/finding.ts';
import { ruleGroups } from '../../src/protocol/metrics/alerts.ts';

/** Longer than any rule that concerns a scenario waits. */
const MINUTES = 20;

/** What a finding calls for: one of these. */
const CALLED_BY: Readonly<Partial<Record<CheckId, readonly string[]>>> = {
  exhausted: ['PortolanPortsExhausted', 'PortolanPacketsLostToExhaustion'],
  churn: ['PortolanPortsExhausted', 'PortolanPacketsLostToExhaustion'],
  leak: ['PortolanFinding'],
  nearing: ['PortolanPortsNearlyExhausted', 'PortolanPortsFillSoon'],
  race: ['PortolanPacketsLostToRaces'],
  'table-full': ['PortolanConntrackTableNearlyFull'],
  conflict: ['PortolanClaimInRange'],
  'pod-ephemeral-ports': ['PortolanFinding'],
  'recycled-too-early': ['PortolanFinding'],
  'rule-order': ['PortolanFinding'],
  'range-protocol': ['PortolanFinding'],
};
/** What may fire beside it: who has no port left was nearly out of them before. */
const BESIDE: Readonly<Partial<Record<CheckId, readonly string[]>>> = {
  exhausted: ['PortolanPortsNearlyExhausted', 'PortolanPortsFillSoon'],
  churn: ['PortolanPortsNearlyExhausted', 'PortolanPortsFillSoon'],
};

export interface Scraped {
  /** Expositions of two moments, and the seconds between them. */
  readonly first: string;
  readonly during: string;
  readonly seconds: number;
  readonly findings: readonly { readonly check: CheckId; readonly severity: Severity }[];
}

/** What is wrong with the alerts of such a node, in promtool's words; empty when nothing is. */
export function alertTroubles({ first, during, seconds, findings }: Scraped): string {
  const bad = findings.filter(({ severity }) => severity === 'critical' || severity === 'warning');
  const wanted = [...new Set(bad.map(({ check }) => check))].flatMap((check) => {
    const names = CALLED_BY[check];
    return names === undefined ? [] : [names];
  });
  const explained = new Set(findings.flatMap(({ check }) => [...(CALLED_BY[check] ?? []), ...(BESIDE[check] ?? [])]));
  const asked = [
    ...wanted.map((names) => ({
      expr: `count(ALERTS{alertstate="firing",alertname=~"${names.join('|')}"}) > bool 0 or vector(0)`,
      exp_samples: [{ labels: '{}', value: 1 }],
    })),
    // What fires without a finding is named by promtool.
    {
      expr: `count by (alertname) (ALERTS{alertstate="firing",alertname!~"${[...explained, 'None'].join('|')}"})`,
      exp_samples: [],
    },
  ];
  return runPromtool({
    input_series: seriesOf({ first, during, seconds }),
    promql_expr_test: asked.map((each) => ({ ...each, eval_time: `${MINUTES - 1}m` })),
  });
}

function seriesOf({ first, during, seconds }: Omit<Scraped, 'findings'>): readonly object[] {
  const before = new Map(linesOf(first));
  return linesOf(during).map(([series, value]) => {
    const isCounter = /^\w+_total\b/.test(series);
    const perMinute = isCounter ? ((value - (before.get(series) ?? 0)) / Math.max(1, seconds)) * 60 : 0;
    return { series, values: `${value}${perMinute > 0 ? `+${perMinute}` : ''}x${MINUTES}` };
  });
}

function linesOf(text: string): readonly (readonly [string, number])[] {
  return text.split('\n').flatMap((line) => {
    const end = line.lastIndexOf(' ');
    return line === '' || line.startsWith('#') ? [] : [[line.slice(0, end), Number(line.slice(end + 1))] as const];
  });
}

function runPromtool(test: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-alerts-'));
  try {
    writeFileSync(join(folder, 'rules.yaml'), stringify(ruleGroups()));
    const path = join(folder, 'test.yaml');
    writeFileSync(path, stringify({ rule_files: ['rules.yaml'], tests: [{ interval: '1m', ...test }] }));
    const ran = spawnSync('promtool', ['test', 'rules', path], { encoding: 'utf8' });
    if (ran.error !== undefined) throw ran.error;
    return ran.status === 0 ? '' : ran.stdout + ran.stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
