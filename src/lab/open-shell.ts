// A person's shell inside a host: forked by the host's thread, it starts in the host's namespace.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ShellOptions {
  /** Shown in the prompt. */
  readonly title: string;
  /** The shell to run, from SHELL. */
  readonly program: string;
  /** Path of this program's script. */
  readonly portolan: string;
  /** The environment it inherits. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

const SETTINGS = fileURLToPath(new URL('../../../bin/lab-shell.sh', import.meta.url));

/** Runs an interactive shell on the terminal of this process. @returns its exit code. */
export function openShell({ title, program, portolan, variables }: ShellOptions): Promise<number> {
  const env = {
    ...variables,
    ENV: SETTINGS,
    PORTOLAN_TITLE: title,
    PORTOLAN_NODE: process.execPath,
    PORTOLAN_PROGRAM: portolan,
  };
  return new Promise((resolve, reject) => {
    const shell = spawn(program, shellArguments(program), { stdio: 'inherit', env });
    shell.once('error', reject);
    shell.once('exit', (code) => resolve(code ?? 1));
  });
}

function shellArguments(program: string): string[] {
  return program.endsWith('/bash') ? ['--rcfile', SETTINGS, '-i'] : ['-i'];
}
