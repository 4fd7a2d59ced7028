// The exam, sat by the agent: its verdicts, its facts and those of a fresh observation, for every scenario.
import { describe, expect, it } from 'vitest';
import { availableParallelism } from 'node:os';
import { SCENARIOS } from '../../src/lab/scenarios/registry.ts';
import { runIsolated } from '../lab/run-isolated.ts';

const PROGRAMS = new URL('./scenario-programs.js', import.meta.url);

interface Side {
  readonly answered: string;
  readonly wrong?: string;
  readonly setting: unknown;
}

interface Compared {
  readonly mine: Side;
  readonly theirs: Side;
  readonly still: { readonly flows: number; readonly missing: readonly string[]; readonly extra: readonly string[] };
  readonly isCurrent: boolean;
  readonly overruns: number;
  readonly resyncs: number;
}

const possible = SCENARIOS.filter(({ cpus = 1 }) => cpus <= availableParallelism());

describe('the agent on the node of a scenario', () => {
  it.each(possible.map(({ name }) => name))(
    '%s: the verdict and the facts of diagnose',
    (name) => {
      process.env['PTL_SCENARIO'] = name;
      const seen = runIsolated(PROGRAMS, 'compareScenario', { timeoutMs: 110_000 }) as Compared;
      expect(seen.mine.wrong).toBeUndefined();
      expect(seen.mine.answered).toBe(seen.theirs.answered);
      expect(seen.mine.setting).toEqual(seen.theirs.setting);
      expect(seen.still).toMatchObject({ missing: [], extra: [] });
      expect(seen.isCurrent).toBe(true);
      // A busy machine lets events be lost (ENOBUFS): each time a resync made up for it, after the first and those asked for.
      expect(seen.resyncs).toBeGreaterThan(Math.min(seen.overruns, 1));
    },
    120_000,
  );
});
