// Runs the child that takes the netlink table and every tool's text of one namespace.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FlowText } from '../conntrack/flow-text.ts';

/** What one namespace held, and how each tool wrote it down. */
export interface FlowTextRun {
  readonly netlink: { readonly flows: readonly FlowText[]; readonly counts: Readonly<Record<string, number>> };
  /** By the name of the output; latin1. */
  readonly texts: Readonly<Record<string, string>>;
}

/** In a namespace of its own. Errors: the child's. */
export function runFlowTextChild(accounting: 'accounting' | 'plain'): FlowTextRun {
  const script = fileURLToPath(new URL('./flow-text-child.js', import.meta.url));
  const namespace = process.getuid?.() === 0 ? ['-n'] : ['-Urn'];
  const args = [...namespace, '--', process.execPath, script, accounting];
  const child = spawnSync('unshare', args, { encoding: 'utf8', timeout: 60_000 });
  if (child.status !== 0) throw new Error(`flow-text-child ended with ${child.status}: ${child.stderr}`);
  const run: FlowTextRun = JSON.parse(child.stdout);
  return run;
}
