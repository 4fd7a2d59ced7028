// Runs the real program as a person would: a process of its own, the real kernel behind it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/portolan.js', import.meta.url));

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Programs that the command is started through, each with its flags: `setpriv ...`, `unshare ...`. */
export type Wrapper = readonly string[];

/** An ordinary user; when the tests already run as one, nothing to do. */
export const AS_ORDINARY_USER: Wrapper =
  process.getuid?.() === 0 ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : [];

/** No capability at all, and none to be had. */
export const WITHOUT_CAPABILITIES: Wrapper = ['setpriv', '--bounding-set', '-all', '--inh-caps', '-all'];

/** A network namespace of its own, with every right in it. */
export const IN_NEW_NETNS: Wrapper = ['unshare', '--user', '--map-root-user', '--net', '--'];

/** A shell's command line for the program, and the environment to run it in. */
export function portolanCommand(words: readonly string[]): { command: string; env: NodeJS.ProcessEnv } {
  const { PORTOLAN_ISOLATED: _, ...env } = process.env;
  return { command: [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' '), env };
}

export function runPortolan(words: readonly string[], wrapper: Wrapper = [], script: string = PROGRAM): ProgramRun {
  const [program = '', ...args] = [...wrapper, process.execPath, script, ...words];
  const { PORTOLAN_ISOLATED: _, ...env } = process.env;
  const ran = spawnSync(program, args, { encoding: 'utf8', timeout: 55_000, env: { ...env, NO_COLOR: '1' } });
  if (ran.error !== undefined) throw ran.error;
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}
