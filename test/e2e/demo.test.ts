// The README's first command: on the real kernel with no right that an ordinary user lacks, and simulated where that is refused.
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyProgram } from './readable-copy.ts';
import { AS_ORDINARY_USER, runPortolan, WITHOUT_CAPABILITIES } from './run-portolan.ts';

/** A user namespace that allows no further one, and nobody with a capability in it. */
const NO_MORE = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
const REFUSED = ['unshare', '--user', '--map-root-user', '--', 'sh', '-c', NO_MORE, 'sh', ...WITHOUT_CAPABILITIES];

/** Columns of the summary row that starts with this name. */
function summaryRow(output: string, name: string): string[] {
  const line = output.split('\n').findLast((candidate) => candidate.trim().startsWith(name)) ?? '';
  return line.trim().slice(name.length).trim().split(/ {2,}/);
}

describe('portolan demo', () => {
  it('exhausts, diagnoses, widens and verifies as an ordinary user', () => {
    const copy = copyProgram();
    const { status, stdout, stderr } = runPortolan(['demo'], AS_ORDINARY_USER, copy.program);
    copy.remove();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('EXHAUSTED');
    expect(summaryRow(stdout, 'range')).toEqual(['32768-65535', '1025-65535', '1025-65535']);
    expect(summaryRow(stdout, 'verdict')).toEqual(['exhausted', expect.any(String), 'fine']);
    const [before, , ended] = summaryRow(stdout, 'connects at once').map((cell) => Number(cell.split(' ')[0]));
    expect(before).toBeLessThan(60);
    expect(ended).toBe(60);
    expect(summaryRow(stdout, 'connects lost').slice(1)).toEqual(['0', '0']);
    expect(stdout).toMatch(/new flows, all inside the range/);
  });

  it('turns to a simulated node where namespaces are refused, says why in one line, and labels every screen', () => {
    const { status, stdout, stderr } = runPortolan(['demo'], REFUSED);
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^Cannot make namespaces: .*max_user_namespaces is 0.*CAP_SYS_ADMIN; the node of this demo is simulated\n$/,
    );
    expectSimulatedStory(stdout);
    expect(stdout).toMatch(
      /\nSimulated because namespaces .*user-namespaces\.md\nNext: .*sysctl user\.max_user_namespaces=15000.*\n$/,
    );
  });

  it('insists with --real: one line why it cannot, and exit code 3', () => {
    const { status, stdout, stderr } = runPortolan(['demo', '--real'], REFUSED);
    expect(status).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^Cannot make namespaces: .*max_user_namespaces is 0.*wanted user namespaces or root with CAP_SYS_ADMIN\nhint: .*sysctl.*\n$/,
    );
  });

  it('turns to a simulated node where the lab cannot be built', () => {
    // The program believes that it is already alone in a namespace of its own; the kernel then refuses what it builds.
    const { status, stdout, stderr } = runPortolan(
      ['demo'],
      [...WITHOUT_CAPABILITIES, 'env', 'PORTOLAN_ISOLATED=user'],
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^Cannot .*; the node of this demo is simulated\n$/);
    expectSimulatedStory(stdout);
  });

  it('needs no native library for a simulated node', () => {
    const copy = copyProgram();
    rmSync(join(dirname(copy.program), '../node_modules/koffi'), { recursive: true });
    const asked = runPortolan(['demo', '--simulated'], [], copy.program);
    const refused = runPortolan(['demo'], [], copy.program);
    const insisted = runPortolan(['demo', '--real'], [], copy.program);
    const macOs = join(dirname(copy.program), 'as-macos.mjs');
    writeFileSync(macOs, `Object.defineProperty(process, 'platform', { value: 'darwin' });`);
    const onMacOs = runPortolan(['demo'], ['env', `NODE_OPTIONS=--import=${macOs}`], copy.program);
    copy.remove();
    expect({ status: asked.status, stderr: asked.stderr }).toEqual({ status: 0, stderr: '' });
    expectSimulatedStory(asked.stdout);
    expect(refused.status).toBe(0);
    expect(refused.stderr).toMatch(/^Cannot load the native library: .*; the node of this demo is simulated\n$/);
    expect(onMacOs.stderr).toMatch(/^Cannot build a real node: this is darwin, wanted Linux; .*\n$/);
    expect({ status: onMacOs.status, ending: onMacOs.stdout.includes('this is not Linux') }).toEqual({
      status: 0,
      ending: true,
    });
    expect(insisted.status).toBe(1);
    expect(insisted.stderr).toMatch(/^Cannot load the native library: .*\nhint: npm ci/);
  });
});

/** The whole story, every heading and screen of it labelled, and nothing said to be measured. */
function expectSimulatedStory(stdout: string): void {
  const headings = stdout.split('\n').filter((line) => /^\d\/\d /.test(line));
  expect(headings).toHaveLength(8);
  for (const heading of headings) expect(heading).toMatch(/^\d\/\d \[simulated\] /);
  expect(stdout.match(/^ {4}\[simulated\] /gm)).toHaveLength(2);
  expect(summaryRow(stdout, 'verdict')).toEqual(['exhausted', expect.any(String), 'fine']);
  expect(stdout).not.toMatch(/^Measured/m);
}
