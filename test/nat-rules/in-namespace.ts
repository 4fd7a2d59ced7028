// Starts namespace-program in a fresh network namespace and returns what it saw.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { NamespacePlan, NamespaceResult } from './namespace-plan.ts';

const PROGRAM = fileURLToPath(new URL('./namespace-program.js', import.meta.url));

export function inNamespace(plan: NamespacePlan): NamespaceResult {
  const { status, stdout, stderr, error } = spawnSync('unshare', ['-n', '--', process.execPath, PROGRAM], {
    input: JSON.stringify(plan),
    maxBuffer: 1 << 28,
    timeout: 30_000,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the namespace program ended with ${status}: ${stderr.toString()}`);
  return JSON.parse(stdout.toString()) as NamespaceResult;
}
