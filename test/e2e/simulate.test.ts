// portolan simulate as a person runs it: the real program, the real engine, an ordinary user.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { copyProgram } from './readable-copy.ts';
import { AS_ORDINARY_USER, portolanCommand, runPortolan, WITHOUT_CAPABILITIES } from './run-portolan.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/k2-old-kernel.yaml', import.meta.url));

/** Long enough to be stopped. */
const LONG = `duration: 1d
nodes: { count: 3, kernel: "6.1", natPortRange: "32768:65535" }
destinations:
  - { name: api, address: "203.0.113.9:443" }
workloads:
  - { name: checkout, pods: 12, destination: api, rate: 900/s, hold: 1s }
`;

describe('portolan simulate', () => {
  it('tells the second cause without any right, the same twice', () => {
    const runs = [1, 2].map(() => runPortolan(['simulate', EXAMPLE], WITHOUT_CAPABILITIES));
    const [first] = runs;
    expect({ status: first?.status, stderr: first?.stderr }).toEqual({ status: 0, stderr: '' });
    expect(first?.stdout).toMatch(/✗ api: [\d,]+ of [\d,]+ connects failed \(1 in \d+\), [\d,]+ came a second late/);
    expect(first?.stdout).toContain('Next: portolan plan --destination 203.0.113.9:443 --rate 300/s');
    expect(runs[1]?.stdout).toBe(first?.stdout);
  });

  it('diagnoses its worst node as churn', () => {
    const { status, stdout } = runPortolan(['simulate', EXAMPLE, '--at', '4m', '--diagnose', 'worst', '-o', 'json']);
    const document: { severity: string; portSpaces: { verdict: string }[] } = JSON.parse(stdout);
    expect({ status, severity: document.severity, verdict: document.portSpaces[0]?.verdict }).toEqual({
      status: 0,
      severity: 'critical',
      verdict: 'churn',
    });
  });

  it.each(['k1-open-at-once', 'k2-old-kernel', 'udp-dns', 'deploy-storm'])(
    '%s: what it says to type next is a plan',
    (name) => {
      const { stdout } = runPortolan(['simulate', join(dirname(EXAMPLE), `${name}.yaml`)]);
      const words = (/^Next: portolan (plan .*)$/m.exec(stdout)?.[1] ?? 'no next').split(' ');
      const plan = runPortolan(words);
      expect({ stderr: plan.stderr, isAnswered: plan.status === 0 || plan.status === 2 }).toEqual({
        stderr: '',
        isAnswered: true,
      });
      expect(plan.stdout).toMatch(/^Goal: /);
    },
  );

  it('says in one line that a file may not be read', () => {
    const copy = copyProgram();
    const secret = join(dirname(dirname(copy.program)), 'secret.yaml');
    writeFileSync(secret, LONG);
    chmodSync(secret, 0);
    const { status, stdout, stderr } = runPortolan(['simulate', secret], AS_ORDINARY_USER, copy.program);
    copy.remove();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^Cannot read \S+secret\.yaml: no permission, wanted a scenario file\nhint: .*\n$/);
  });

  it('moves a progress line on a terminal, and takes it away', () => {
    const { command, env } = portolanCommand(['simulate', EXAMPLE, '--at', '2m']);
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      env: { ...env, TERM: 'xterm' },
    });
    expect(stdout).toMatch(/simulating \d+ %/);
    expect(stdout.replaceAll('\u001b', '<ESC>')).toMatch(/simulating 100 %\r<ESC>\[2K(<ESC>\[\d+m)?k2-old-kernel/);
  });

  it('stops at Ctrl-C within a moment, with exit code 130 and nothing printed', async () => {
    const { command, env } = portolanCommand(['simulate', '-', '-v']);
    const child = spawn('/bin/sh', ['-c', `exec ${command}`], { env });
    let stdout = '';
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    const started = new Promise<void>((resolve) => child.stderr.once('data', () => resolve()));
    child.stdin.end(LONG);
    await started;
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  });
});
