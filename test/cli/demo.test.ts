// Which node the demo runs on, from the command line down, with the program's own parts and made-up surroundings.
import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import type { Said } from './run-command.ts';
import { runInProcess } from './run-in-process.ts';

/** Runs `portolan demo` in this process; on Linux `isolate` decides, elsewhere it must not even be called. */
function demo(words: readonly string[], around: Partial<Surroundings>): Promise<Said> {
  return runInProcess(['demo', ...words], {
    variables: { LANG: 'C.UTF-8' },
    platform: 'linux',
    now: () => 0,
    isolate: () => Promise.reject(new TypeError('the kernel was asked')),
    ...around,
  });
}

const REFUSED = new PortolanError('PTL_USERNS_REFUSED', 'Cannot make namespaces: refused, wanted user namespaces', {
  hint: 'sudo sysctl some.switch=1, or run with sudo',
});

describe('the node of the demo', () => {
  it('is simulated on macOS, with one line that says why; the kernel is not asked', async () => {
    const { code, stdout, stderr } = await demo([], { platform: 'darwin' });
    expect(code).toBe(0);
    expect(stderr).toBe('Cannot build a real node: this is darwin, wanted Linux; the node of this demo is simulated\n');
    expect(stdout).toContain('8/8 [simulated]');
    expect(stdout).toMatch(
      /\nSimulated because this is not Linux: .*\nNext: portolan demo {3}\(on a Linux machine, .*\)\n$/,
    );
  });

  it('is simulated where namespaces are refused, and the last line says what allows them', async () => {
    const { code, stdout, stderr } = await demo([], { isolate: () => Promise.reject(REFUSED) });
    expect(code).toBe(0);
    expect(stderr).toBe(`${REFUSED.message}; the node of this demo is simulated\n`);
    expect(stdout).toContain(
      '\nSimulated because namespaces are refused here: docs/reference/user-namespaces.md\nNext: sudo sysctl some.switch=1, or run with sudo   (for the real kernel)\n',
    );
  });

  it('is simulated without a word on stderr when that is asked for', async () => {
    const { code, stdout, stderr } = await demo(['--simulated'], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Simulated because you asked for it');
  });

  it.each([
    ['darwin', {}, /^Cannot build a real node: this is darwin, wanted Linux\nhint: /],
    ['linux', { isolate: () => Promise.reject(REFUSED) }, /^Cannot make namespaces: .*\nhint: sudo sysctl/],
  ])('is never simulated with --real: 3 on %s', async (platform, around, wanted) => {
    const { code, stdout, stderr } = await demo(['--real'], { platform, ...around });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(wanted);
  });

  it('is asked for in one way only', async () => {
    const { code, stdout, stderr } = await demo(['--real', '--simulated'], {});
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('Cannot read --real: --simulated given too, wanted one of them\nhint: portolan demo --help\n');
  });

  it('does not hide a bug behind a simulation', async () => {
    const { code, stdout, stderr } = await demo([], {});
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('portolan has a bug: TypeError: the kernel was asked');
  });

  it('does not begin a simulation for a person who has pressed Ctrl-C', async () => {
    const stop = new AbortController();
    const isolate = (): Promise<never> => {
      stop.abort('SIGINT');
      return Promise.reject(REFUSED);
    };
    expect(await demo([], { isolate, signal: stop.signal })).toEqual({ code: 130, stdout: '', stderr: '' });
  });

  it('hears Ctrl-C between the steps of a simulation', async () => {
    const stop = new AbortController();
    const pause = (): Promise<void> => Promise.resolve(stop.abort('SIGINT'));
    const { code, stdout } = await demo(['--simulated'], { pause, signal: stop.signal });
    expect(code).toBe(130);
    expect(stdout.match(/^\d\/8/gm)).toEqual(['1/8']);
  });
});
