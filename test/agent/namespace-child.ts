// Runs a compiled program of this folder in a network namespace of its own and returns what it printed as JSON.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @param name file name without extension, beside this file. */
export function runInNamespace(
  name: string,
  { wrapper = [], words = [] }: { readonly wrapper?: readonly string[]; readonly words?: readonly string[] } = {},
): unknown {
  const script = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const namespace = process.getuid?.() === 0 ? ['-n'] : ['-Urn'];
  const command = [...namespace, '--', ...wrapper, process.execPath, script, ...words];
  const child = spawnSync('unshare', command, { encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 28 });
  if (child.status !== 0) throw new Error(`${name} ended with ${child.status}: ${child.stderr}${child.error ?? ''}`);
  return JSON.parse(child.stdout);
}
