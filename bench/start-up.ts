// What `portolan --help` costs over an empty Node program: both started in turns, medians compared.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const LIMIT_MILLISECONDS = 60;
const PROGRAM = fileURLToPath(new URL('../../bin/portolan.js', import.meta.url));

/** A benchmark of one report. */
export const startUpBenchmark = {
  name: 'start-up',
  async *run({ quick }: { readonly quick: boolean }) {
    const { empty, help } = startInTurns(quick ? 5 : 21);
    yield {
      title: 'Start-up',
      measures: [
        {
          what: '`portolan --help` over an empty Node program',
          value: help - empty,
          unit: 'ms',
          goal: { atMost: LIMIT_MILLISECONDS },
          detail: `${help.toFixed(1)} ms over ${empty.toFixed(1)} ms`,
        },
      ],
    };
  },
};

function startInTurns(rounds: number): { readonly empty: number; readonly help: number } {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-start-up-'));
  try {
    const script = join(folder, 'empty.mjs');
    writeFileSync(script, '');
    const times = Array.from({ length: rounds }, () => ({
      empty: milliseconds(script, []),
      help: milliseconds(PROGRAM, ['--help']),
    }));
    return { empty: median(times.map((time) => time.empty)), help: median(times.map((time) => time.help)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function milliseconds(script: string, words: readonly string[]): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [script, ...words], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`Cannot time ${script}: exit ${status ?? 'by signal'}, wanted 0`);
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}
