// What `portolan --help` costs over an empty Node program: both started in turns, medians compared.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const RUNS = 21;
const LIMIT_MILLISECONDS = 60;
const PROGRAM = fileURLToPath(new URL('../../bin/portolan.js', import.meta.url));

function milliseconds(script: string, words: readonly string[]): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [script, ...words], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`Cannot time ${script}: exit ${status}, wanted 0`);
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'portolan-start-up-'));
try {
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const times = { empty: new Array<number>(), help: new Array<number>() };
  for (let run = 0; run < RUNS; run += 1) {
    times.empty.push(milliseconds(empty, []));
    times.help.push(milliseconds(PROGRAM, ['--help']));
  }
  const more = median(times.help) - median(times.empty);
  process.stdout.write(
    `portolan --help costs ${more.toFixed(1)} ms more than an empty program (at most ${LIMIT_MILLISECONDS})\n` +
      `medians of ${RUNS} alternating runs: empty ${median(times.empty).toFixed(1)} ms, --help ${median(times.help).toFixed(1)} ms\n`,
  );
  process.exitCode = more <= LIMIT_MILLISECONDS ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
