// The exam, sat by the agent: its verdicts, facts, metrics and alerts beside those of a fresh observation, for every scenario.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { availableParallelism } from 'node:os';
import { SCENARIOS } from '../../src/lab/scenarios/registry.ts';
import type { Severity } from '../../src/core/analysis/finding.ts';
import { runIsolated } from '../lab/run-isolated.ts';
import { alertTroubles, type Scraped } from './firing-alerts.ts';
import { type Figures, metricTroubles } from './metric-troubles.ts';

const PROGRAMS = new URL('./scenario-programs.js', import.meta.url);

interface Side {
  readonly answered: string;
  readonly wrong?: string;
  readonly setting: unknown;
}

interface Compared extends Scraped {
  readonly mine: Side;
  readonly theirs: Side;
  readonly still: {
    readonly flows: number;
    readonly missing: readonly string[];
    readonly extra: readonly string[];
    readonly metrics: string;
    readonly diagnoses: readonly Figures[];
  };
  readonly isPlayed: boolean;
  readonly severity: Severity;
  readonly isCurrent: boolean;
}

const possible = SCENARIOS.filter(({ cpus = 1 }) => cpus <= availableParallelism());

describe('the agent on the node of a scenario', () => {
  it.each(possible.map(({ name }) => name))(
    '%s: the verdict, the facts and the figures of diagnose, and alerts that go with them',
    (name) => {
      process.env['PTL_SCENARIO'] = name;
      const seen = runIsolated(PROGRAMS, 'compareScenario', { timeoutMs: 110_000 }) as Compared;
      expect(seen.mine.wrong).toBeUndefined();
      expect(seen.mine.answered).toBe(seen.theirs.answered);
      expect(seen.mine.setting).toEqual(seen.theirs.setting);
      expect(seen.still).toMatchObject({ missing: [], extra: [] });
      const { compared, troubles } = metricTroubles(seen.still.metrics, seen.still.diagnoses);
      expect(troubles).toEqual([]);
      expect(compared > 0 || seen.still.flows < 100).toBe(true);
      const checked = spawnSync('promtool', ['check', 'metrics'], { encoding: 'utf8', input: seen.during });
      expect([checked.status, checked.stdout + checked.stderr]).toEqual([0, '']);
      if (!seen.isPlayed) {
        expect(seen.during).toContain(`portolan_severity{severity="${seen.severity}"} 1\n`);
        expect(alertTroubles(seen)).toBe('');
      }
      expect(seen.isCurrent).toBe(true);
    },
    120_000,
  );
});
