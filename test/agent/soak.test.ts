// The soak, shortened: at least one storm of each kind of trouble, and not a flow of difference.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('leaves no difference between the ledger and the kernel', () => {
  const program = fileURLToPath(new URL('./soak-program.js', import.meta.url));
  const ran = spawnSync(process.execPath, [program, '--for', '15s', '--seed', '7'], {
    encoding: 'utf8',
    timeout: 170_000,
  });
  expect(ran.stdout + ran.stderr).toContain('no difference');
  expect(ran.stdout).toMatch(/^[1-9]\d* storms, [1-9]\d* events, [1-9]\d* overruns, .*: no difference\n$/);
  expect(ran.status).toBe(0);
}, 180_000);
