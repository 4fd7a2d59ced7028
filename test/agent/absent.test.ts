// A node without connection tracking: nothing to watch, which the agent says, and no figure in its place.
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { ALERTS } from '../../src/protocol/metrics/alerts.ts';
import { runInNamespace } from './namespace-child.ts';

interface Printed {
  readonly metrics: string;
  readonly who: { readonly holders: readonly unknown[] };
  readonly facts: number;
  readonly said: string;
  readonly code: number;
}

let printed: Printed;
beforeAll(() => {
  printed = runInNamespace('absent-child') as Printed;
}, 120_000);

describe('the agent where conntrack is absent', () => {
  it('answers, and names what is missing', () => {
    for (const gap of ['conntrack-absent', 'nat-rules'])
      expect(printed.metrics).toContain(`portolan_agent_gaps{gap="${gap}"} 1\n`);
    expect(printed.metrics).toContain('portolan_severity{severity="unknown"} 1\n');
    expect(printed.metrics).toContain('portolan_agent_current 0\n');
    expect(printed.who.holders).toEqual([]);
    expect(printed.facts).toBeGreaterThan(0);
    expect([printed.said.match(/Cannot/g), printed.code]).toEqual([null, 143]);
  });

  it('gives no figure for what it cannot see', () => {
    expect(printed.metrics).not.toMatch(
      /^portolan_(conntrack_entries|flows|snat_flows|new_flows|lost_packets|port_space|range_)/m,
    );
    expect(spawnSync('promtool', ['check', 'metrics'], { encoding: 'utf8', input: printed.metrics }).stdout).toBe('');
  });

  it('is what an alert speaks of', () => {
    const [gaps = ''] = ALERTS.flatMap(({ name, expression }) => (name === 'PortolanAgentBlind' ? [expression] : []));
    expect(/gap=~"([^"]+)"/.exec(gaps)?.[1]?.split('|')).toContain('conntrack-absent');
  });
});
