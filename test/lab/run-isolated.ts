// Lets a test run a function in namespaces of its own: the test runner's own namespace is never touched, as root or not.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @returns what `name`, exported by the compiled module, returned; it went through JSON. */
export function runIsolated(module: URL, name: string, { timeoutMs = 50_000 } = {}): unknown {
  const program = fileURLToPath(new URL('./isolated-program.js', import.meta.url));
  const ran = spawnSync(process.execPath, [program, module.href, name], {
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: 1 << 28,
  });
  if (ran.status !== 0) throw new Error(`${name} ended with ${ran.status ?? ran.signal}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as unknown;
}

/** Output of an oracle program, run in the calling process's namespace. */
export function oracle(program: string, ...args: readonly string[]): string {
  const ran = spawnSync(program, args, { encoding: 'utf8' });
  if (ran.error !== undefined || ran.status !== 0) throw new Error(`${program}: ${ran.error?.message ?? ran.stderr}`);
  return ran.stdout;
}
