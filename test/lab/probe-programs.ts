// What the probe tests run in other processes: with all, without any, and with forbidden privileges.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KernelBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';

export function probe(): Promise<KernelBehaviour> {
  return probeKernel({ release: 'test' });
}

/** Forbids further user namespaces (for this one and below), then drops every capability. */
export function probeForbidden(): Promise<unknown> {
  writeFileSync('/proc/sys/user/max_user_namespaces', '0');
  return Promise.resolve(withoutCapabilities());
}

function withoutCapabilities(): unknown {
  const program = fileURLToPath(new URL('./isolated-program.js', import.meta.url));
  const drop = ['--bounding-set', '-all', '--inh-caps', '-all', '--no-new-privs'];
  const node = [process.execPath, program, import.meta.url, 'probe'];
  return JSON.parse(execFileSync('setpriv', [...drop, ...node], { encoding: 'utf8' })) as unknown;
}
