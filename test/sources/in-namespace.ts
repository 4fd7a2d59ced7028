// Runs programs in network namespaces of their own, as root or, in a user namespace, as anyone.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Names a function without arguments: the URL of its module and the export. */
export interface NamespaceTask {
  readonly module: string;
  readonly run: string;
}

const RUN_TASK = fileURLToPath(new URL('./run-task.js', import.meta.url));

export const IS_ROOT = process.getuid?.() === 0;

/** What a shell script prints in a network and mount namespace of its own; it stops at the first command that fails. */
export function shellInNamespace(script: string, env: Readonly<Record<string, string>> = {}): string {
  const unshare = IS_ROOT ? ['-mn'] : ['-Urmn'];
  // Debian keeps ip, nft and sysctl where a person's PATH does not look.
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const options = { encoding: 'utf8', env: { ...process.env, ...env, PATH: path } } as const;
  return execFileSync('unshare', [...unshare, '--', 'sh', '-ec', script], options);
}

/** What the function returns in a network namespace of its own, as JSON. */
export function inNamespace(task: NamespaceTask): string {
  const env = { NODE: process.execPath, RUN_TASK, MODULE: task.module, RUN: task.run };
  return shellInNamespace('exec "$NODE" "$RUN_TASK" "$MODULE" "$RUN"', env);
}
