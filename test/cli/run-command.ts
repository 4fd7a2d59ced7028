// Runs a command line in a process of its own and keeps what it said.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The installed program and the same program with made-up measurements. */
export const PROGRAM = fileURLToPath(new URL('../../../bin/portolan.js', import.meta.url));
export const SAMPLE_PROGRAM = fileURLToPath(new URL('sample-program.js', import.meta.url));

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the installed program. */
export function portolan(words: readonly string[], variables: Readonly<Record<string, string>> = {}): Said {
  return run(PROGRAM, words, variables);
}

/** Runs the program as if the node were in the named situation. */
export function onSample(
  sample: string,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Said {
  return run(SAMPLE_PROGRAM, words, { ...variables, PTL_SAMPLE: sample });
}

function run(script: string, words: readonly string[], variables: Readonly<Record<string, string>>): Said {
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], {
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: status, stdout, stderr };
}
