// Runs a compiled program of this folder in a network namespace of its own and returns what it printed as JSON.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  /** What stands between `unshare -n` and node, such as `setpriv --bounding-set -net_admin`. */
  readonly wrapper?: readonly string[];
  readonly args?: readonly string[];
}

/** @param name file name without extension, beside this file. */
export function runInNamespace(name: string, options: ChildOptions = {}): unknown {
  const script = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const command = [...(options.wrapper ?? []), process.execPath, script, ...(options.args ?? [])];
  const namespace = process.getuid?.() === 0 ? ['-n'] : ['-Urn'];
  const child = spawnSync('unshare', [...namespace, '--', ...command], { encoding: 'utf8', timeout: 60_000 });
  if (child.status !== 0) throw new Error(`${name} ended with ${child.status}: ${child.stderr}${child.error ?? ''}`);
  return JSON.parse(child.stdout);
}
