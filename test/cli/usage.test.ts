import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { onSample, portolan, PROGRAM } from './run-command.ts';

describe('help', () => {
  it.each([['--help'], ['help'], []])('%s goes to stdout with examples before flags', (...words: string[]) => {
    const { code, stdout, stderr } = portolan(words);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.indexOf('Examples:')).toBeGreaterThan(0);
    expect(stdout.indexOf('Examples:')).toBeLessThan(stdout.indexOf('Flags of every command:'));
  });

  it.each([
    [['diagnose', '--help'], '--fail-on SEVERITY'],
    [['help', 'diagnose'], '--fail-on SEVERITY'],
    [['lab', '--help'], 'lab run NAME'],
    [['lab', 'run', '-h'], '--range FIRST:LAST'],
    [['lab', 'run', 'x', '--range', '1', '--help'], '--range FIRST:LAST'],
    [['-o', 'json', 'diagnose', '--help'], '--fail-on SEVERITY'],
    [['help', '-v'], 'Commands:'],
  ])('%j names its flags', (words, text) => {
    const { code, stdout } = portolan(words);
    expect(code).toBe(0);
    expect(stdout).toContain(text);
  });

  it('says kubectl snat when started as the plugin', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portolan-cli-'));
    try {
      symlinkSync(PROGRAM, join(folder, 'kubectl-snat'));
      const { stdout } = spawnSync(process.execPath, [join(folder, 'kubectl-snat'), 'diagnose', '--help'], {
        encoding: 'utf8',
      });
      expect(stdout).toContain('Usage: kubectl snat diagnose [FILE]... [flags]');
      expect(stdout).toContain('  kubectl snat diagnose --explain');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a wrong line', () => {
  it('says everything that is wrong with it at once, each with what was given and what is wanted', () => {
    const { code, stdout, stderr } = portolan([
      'diagnose',
      '--for',
      '3',
      '--top',
      '0',
      '--only',
      'foo',
      '-o',
      'jsn',
      '--colour',
      'x',
      '--fail-on',
    ]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Cannot read --colour: no such flag, wanted one of "diagnose --help"; did you mean --color?',
      'Cannot read --output: jsn, wanted table, wide, json, yaml or markdown; did you mean json?',
      'Cannot read --for: 3, wanted a duration from 100ms to 10m, for example 500ms, 2s or 1m',
      'Cannot read --top: 0, wanted a whole number from 1 to 10000',
      expect.stringMatching(/^Cannot read --only: foo, wanted exhausted, churn, .* or cannot-tell$/),
      'Cannot read --fail-on: no value given, wanted critical, warning or never',
      'hint: portolan diagnose --help',
    ]);
  });

  it.each(['70000:1', '32768-65535', '', '0:65535', '65535:32768', 'abc'])('range %j: one line, exit 1', (range) => {
    const { code, stdout, stderr } = onSample('fine', ['lab', 'run', 'healthy', '--range', range]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `Cannot read --range: ${range === '' ? '"" given' : range}, wanted FIRST:LAST with 1 <= FIRST <= LAST <= 65535, for example 32768:65535\nhint: portolan lab run --help\n`,
    );
  });

  it.each([
    [['diagnos'], /^Cannot run diagnos: no such command, wanted .*; did you mean diagnose\?\nhint: portolan --help\n$/],
    [
      ['lab', 'rnu'],
      /^Cannot run lab rnu: no such command, wanted list, run or shell; did you mean run\?\nhint: portolan lab --help\n$/,
    ],
    [['help', 'nonsense'], /^Cannot run nonsense: no such command/],
    [['lab'], /^Cannot run lab: no command given, wanted list, run or shell\n/],
    [['--bogus'], /^Cannot read --bogus: no such flag/],
    [['--verson'], /^Cannot read --verson: no such flag, .*; did you mean --version\?\n/],
    [['diagnose', '--expl'], /; did you mean --explain\?\n/],
    [
      ['--netns', 'x', 'diagnose'],
      /^Cannot read --netns: no command before it, wanted it after diagnose, who, plan or rules\n/,
    ],
    [['diagnose', '--for', '-1s'], /^Cannot read --for: -1s, wanted a duration from 100ms to 10m, .*\nhint: .*\n$/],
    [
      ['diagnose', '--only', 'fine', '--skip', 'fine'],
      /^Cannot read --skip: fine, wanted a check that --only does not/,
    ],
    [['version', 'extra'], /^Cannot read argument: extra, wanted no more arguments\n/],
    [['completion', 'tcsh'], /^Cannot read SHELL: tcsh, wanted bash, zsh or fish\n/],
    [['version', '-o', 'wide'], /^Cannot read --output: wide, wanted table, json or yaml\n/],
    [['version', '--color', 'alwys'], /did you mean always\?\n/],
  ])('%j', (words, message) => {
    const { code, stdout, stderr } = portolan(words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('names a scenario that was probably meant', () => {
    const { code, stderr } = onSample('fine', ['lab', 'run', 'helthy']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "Cannot open scenario: helthy, wanted one of the lab's; did you mean healthy?\nhint: portolan lab list\n",
    );
  });

  it('opens no shell without a person', () => {
    const { code, stderr } = onSample('fine', ['lab', 'shell', 'healthy', '--no-input']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Cannot open a shell: --no-input, wanted a person at a terminal\nhint: portolan lab run healthy\n',
    });
  });
});

describe('flags in any order', () => {
  it.each([
    [['-o', 'json', 'version']],
    [['version', '-o', 'json']],
    [['version', '--output=json']],
    [['--version', '-ojson']],
    [['-V', '-o', 'json']],
    [['diagnose', '-V', '-o', 'json']],
  ])('%j', (words) => {
    const { code, stdout } = portolan(words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'portolan.dev/output/version/v1', version: '0.1.0' });
  });
});
