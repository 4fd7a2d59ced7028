// Where namespaces are refused the lab says so, why, and how to allow them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import { explainRefusal, findIsolation, findProgram, isolateProcess } from '../../src/lab/isolate-process.ts';
import { runIsolated } from './run-isolated.ts';

const START = { execPath: process.execPath, execArgv: [], scriptAndArguments: [], env: {} };

describe('isolateProcess', () => {
  it('says on another system that Linux is needed', () => {
    expect(codeOf(() => isolateProcess({ ...START, platform: 'darwin' }))).toBe('PTL_NOT_LINUX');
  });

  it('does nothing inside', () => {
    expect(() => isolateProcess({ ...START, platform: 'linux', env: { PORTOLAN_ISOLATED: 'user' } })).not.toThrow();
  });

  it('starts the program over in a namespace of its own, once, with its arguments', () => {
    const program = fileURLToPath(new URL('./isolated-program.js', import.meta.url));
    const seen = runIsolated(new URL('./isolation-programs.js', import.meta.url), 'describeProcess') as {
      uid: number;
      netns: string;
      way: string;
      script: string;
    };
    expect(seen).toMatchObject({ uid: 0, way: expect.stringMatching(/^(user|root)$/), script: program });
    expect(seen.netns).not.toBe(spawnSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }).stdout.trim());
  });

  it('refuses with the reason where neither way is allowed', () => {
    const seen = runIsolated(new URL('./isolation-programs.js', import.meta.url), 'isolateForbidden') as {
      code: string;
      message: string;
      hint: string;
    };
    expect(seen.code).toBe('PTL_USERNS_REFUSED');
    expect(seen.message).toContain('user.max_user_namespaces is 0');
    expect(seen.message).toContain('--user --map-root-user --net: unshare: ');
    expect(seen.message).toContain('; --net: unshare: ');
    expect(seen.hint).toBe('sysctl user.max_user_namespaces=15000');
  });
});

describe('unshare itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-lab-'));
  const present = join(folder, 'unshare');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is named with its package where it is not installed', () => {
    const error = refusalOf(() => findProgram('unshare', folder));
    expect(error).toMatchObject({ code: 'PTL_USERNS_REFUSED', hint: 'install util-linux' });
  });

  it('is said to be no program where it may not be run', () => {
    writeFileSync(present, '', { mode: 0o644 });
    const error = refusalOf(() => findProgram('unshare', folder));
    expect(error.message).toBe(`Cannot make namespaces: ${present} may not be run, wanted it executable`);
  });

  it('that cannot be started is a refusal of both ways, not a bug', () => {
    writeFileSync(present, '', { mode: 0o644 });
    const error = refusalOf(() => findIsolation(present, { env: {} }));
    expect(error.code).toBe('PTL_USERNS_REFUSED');
    expect(error.message.match(/EACCES/g)).toHaveLength(2);
  });
});

describe('explainRefusal', () => {
  it.each([
    ['/proc/sys/user/max_net_namespaces', '0', 'sudo sysctl user.max_net_namespaces=15000'],
    ['/proc/sys/kernel/unprivileged_userns_clone', '0', 'sudo sysctl kernel.unprivileged_userns_clone=1'],
    ['/proc/sys/user/max_user_namespaces', '0', 'sudo sysctl user.max_user_namespaces=15000'],
    [
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
      '1',
      'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    ],
  ])('names %s', (path, value, how) => {
    expect(explainRefusal((asked) => (asked === path ? value : undefined)).how).toBe(how);
  });

  it('suspects the container when no sysctl forbids it', () => {
    expect(explainRefusal(() => undefined).why).toContain('container');
  });
});

function codeOf(run: () => void): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof PortolanError ? error.code : 'other';
  }
}

function refusalOf(run: () => unknown): PortolanError {
  try {
    run();
  } catch (error) {
    if (error instanceof PortolanError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
