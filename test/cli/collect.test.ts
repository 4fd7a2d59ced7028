// portolan collect and compare as a person runs them: files, rights, what is refused, what is never in the file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { closingFixture, flowsFixture, nodeFactsFixture, NOT_EVICTING } from '../analysis/node-facts-fixture.ts';
import { bundleBytes } from '../bundle/bundle-fixture.ts';
import { onSample, portolan } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-collect-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

function saveBundle(name: string, options: Parameters<typeof nodeFactsFixture>[0]): string {
  writeFileSync(at(name), bundleBytes([nodeFactsFixture({ behaviour: NOT_EVICTING, ...options })]));
  return at(name);
}

describe('portolan collect', () => {
  it('writes a file for its owner alone, says what is in it and what to do next', () => {
    const path = at('node.tgz');
    const { code, stdout, stderr } = onSample('fine', ['collect', '-o', path]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.replaceAll(path, 'node.tgz').replace(/[\d,]+ bytes/, 'N bytes')).toBe(
      [
        'node worker-3: 0 flows',
        'Names and addresses are the real ones; --redact puts others in their place.',
        'Wrote node.tgz: N bytes, readable by its owner alone',
        'Next: portolan diagnose node.tgz',
        '',
      ].join('\n'),
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(portolan(['diagnose', path]).stdout).toContain('worker-3  192.0.2.10');
  });

  it('replaces nothing unasked, and nothing but a file', () => {
    const path = at('there.tgz');
    writeFileSync(path, 'mine');
    const { code, stderr } = onSample('fine', ['collect', '-o', path]);
    expect(code).toBe(1);
    expect(stderr).toContain('it is there, wanted a new file, or --force to replace it');
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(onSample('fine', ['collect', '-o', path, '--force']).code).toBe(0);
    expect(readFileSync(path)[0]).toBe(0x1f);
    symlinkSync(path, at('link.tgz'));
    expect(onSample('fine', ['collect', '-o', at('link.tgz'), '--force']).stderr).toContain('no regular file');
    expect(onSample('fine', ['collect', '-o', at('absent/x.tgz')]).stderr).toContain('ENOENT, wanted a folder');
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('goes through a pipe', () => {
    const { stderr, code } = onSample('fine', ['collect', '-o', '-']);
    expect(code).toBe(0);
    expect(stderr).toContain('Next: portolan diagnose -');
  });

  it('with a key file gives the same pseudonyms again; the file is made for its owner alone', () => {
    const key = at('redact.key');
    const names = [1, 2].map((run) => {
      const path = at(`redacted-${run}.tgz`);
      expect(onSample('fine', ['collect', '-o', path, '--redact-key', key]).code).toBe(0);
      const text = gunzipSync(readFileSync(path)).toString('latin1');
      expect(text).not.toContain('worker-3');
      expect(text).not.toContain('192.0.2.10');
      return /node-[a-z\d]{9}/.exec(text)?.[0];
    });
    expect(names[0]).toBeDefined();
    expect(names[1]).toBe(names[0]);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const other = at('redacted-3.tgz');
    onSample('fine', ['collect', '-o', other, '--redact']);
    expect(gunzipSync(readFileSync(other)).toString('latin1')).not.toContain(names[0]);
    writeFileSync(key, 'short');
    expect(onSample('fine', ['collect', '-o', at('y.tgz'), '--redact-key', key]).stderr).toContain(
      '5 bytes, wanted a file of 32',
    );
    expect(existsSync(at('y.tgz'))).toBe(false);
  });

  it('reads no environment and no command line of anybody', async () => {
    const program = "require('net').createServer().listen(0, () => console.log('up'))";
    const listener = spawn(process.execPath, ['-e', program, 'pl4nted-argument'], {
      env: { PLANTED: 'pl4nted-environment' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await once(listener.stdout, 'data');
      const path = at('secrets.tgz');
      const { stdout } = portolan(['collect', '--local', '--for', '100ms', '-o', path], { PLANTED: 'pl4nted-own' });
      expect(stdout).toContain('Wrote');
      expect(gunzipSync(readFileSync(path)).toString('latin1')).not.toContain('pl4nted');
    } finally {
      listener.kill();
    }
  });

  it('says all that is wrong with its flags at once', () => {
    const { code, stderr } = onSample('fine', ['collect', '--netns', '/x', '--context', 'prod', '--for', 'x', 'extra']);
    expect(code).toBe(1);
    for (const part of ['--context: given with --netns', '--for: x', 'argument: extra']) expect(stderr).toContain(part);
  });
});

describe('a bundle in place of a node', () => {
  const churn = saveBundle('churn.tgz', { flows: [...closingFixture(31_500), ...flowsFixture(900, { port: 64_400 })] });
  const fine = saveBundle('fine.tgz', { flows: flowsFixture(900) });

  it('is diagnosed, planned for and simulated', () => {
    expect(portolan(['diagnose', churn]).code).toBe(2);
    expect(portolan(['plan', churn]).stdout).toContain('natPortRange');
    const { code, stdout } = portolan(['simulate', '--from', churn, '-o', 'json']);
    expect(code).toBe(0);
    expect(stdout).toContain('The load of node worker-3');
  });

  it('compares to exit code 0 or 2, with the conclusion last', () => {
    const worse = portolan(['compare', fine, churn]);
    expect(worse.code).toBe(2);
    expect(worse.stdout.split('\n').at(-3)).toBe('Worse: tcp 203.0.113.9:443 via 192.0.2.10 went from fine to churn.');
    const better = portolan(['compare', churn, fine, '-o', 'json']);
    expect(better.code).toBe(0);
    expect(JSON.parse(better.stdout)).toMatchObject({ trend: 'better' });
    expect(portolan(['compare', churn, churn, '-o', 'markdown']).stdout).toContain('**Not worse, not better');
  });

  it('has no --for: it shows the moment it was made', () => {
    expect(portolan(['diagnose', churn, '--for', '3s']).stderr).toContain('given with files');
    expect(portolan(['diagnose', churn, '--context', 'prod']).stderr).toContain('files are read without a cluster');
    expect(portolan(['diagnose', churn, '--node', 'worker-9']).stderr).toContain('no node worker-9 in it');
    expect(portolan(['simulate', 'x.yaml', '--node', 'worker-3']).stderr).toContain('given without --from');
    expect(portolan(['compare', '-', '-']).stderr).toContain('given twice');
  });

  it('that cannot be opened says so', () => {
    chmodSync(fine, 0o000);
    if (process.getuid?.() !== 0) expect(portolan(['diagnose', fine]).stderr).toContain('no permission');
    chmodSync(fine, 0o600);
    expect(portolan(['compare', at('absent.tgz'), fine]).stderr).toContain('no such file');
  });
});
