// A scenario opened as a person opens it: on a terminal, typing.
import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { portolanCommand } from './run-portolan.ts';

describe('portolan lab shell', () => {
  it('opens a shell in the node of the scenario, where portolan is known', () => {
    const { command, env } = portolanCommand(['lab', 'shell', 'healthy']);
    const typed = 'readlink /proc/self/ns/net\nportolan version\nportolan rules\nexit\n';
    const terminal = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      input: typed,
      timeout: 40_000,
      env: { ...env, SHELL: '/bin/bash' },
    });
    const namespaces = terminal.stdout.match(/net:\[\d+\]/g) ?? [];
    expect(namespaces).toHaveLength(1);
    expect(namespaces).not.toContain(readlinkSync('/proc/self/ns/net'));
    expect(terminal.stdout).toMatch(/portolan \d+\.\d+\.\d+/);
    expect(terminal.stdout).toContain('Calico');
    expect(terminal.status).toBe(0);
  });
});
