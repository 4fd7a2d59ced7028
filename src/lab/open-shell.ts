// A person's shell inside a host: forked by the host's thread, it starts in the host's namespace.
import { spawn } from 'node:child_process';

export interface ShellOptions {
  /** Shown in the prompt. */
  readonly title: string;
  /** The shell to run, from SHELL. */
  readonly program: string;
}

/** Runs an interactive shell on the terminal of this process. @returns its exit code. */
export function openShell({ title, program }: ShellOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const shell = spawn(program, shellArguments(program), {
      stdio: 'inherit',
      env: { ...process.env, PS1: `[${title}] \\w \\$ ` },
    });
    shell.once('error', reject);
    shell.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The prompt survives only where the shell's own start-up files do not replace it. */
function shellArguments(program: string): string[] {
  return program.endsWith('/bash') ? ['--norc', '-i'] : ['-i'];
}
