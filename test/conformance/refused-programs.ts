// Runs `npm run prove` where no namespace may be made.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ISOLATED } from '../../src/lab/isolate-process.ts';

/** Forbids further user namespaces (for this one and below) and drops every capability. */
export function proveForbidden(): Promise<unknown> {
  writeFileSync('/proc/sys/user/max_user_namespaces', '0');
  const program = fileURLToPath(new URL('./prove-program.js', import.meta.url));
  const drop = ['--bounding-set', '-all', '--inh-caps', '-all', '--no-new-privs'];
  const { [ISOLATED]: _, ...env } = process.env;
  const ran = spawnSync('setpriv', [...drop, process.execPath, program], { encoding: 'utf8', env });
  return Promise.resolve({ status: ran.status, lines: ran.stdout.trim().split('\n') });
}
