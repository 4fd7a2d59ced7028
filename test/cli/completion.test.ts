import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeWords } from '../../src/cli/completion/complete-words.ts';
import { PROGRAM, portolan, SAMPLE_PROGRAM } from './run-command.ts';
import { sampleMeasures } from './sample-measures.ts';

const measures = sampleMeasures('fine');

describe('completeWords', () => {
  it.each([
    [['dia'], ['diagnose']],
    [
      ['lab', ''],
      ['list', 'run', 'shell'],
    ],
    [['la'], ['lab']],
    [['lab', 'run', 'he'], ['healthy']],
    [['lab', 'run', 'healthy', ''], []],
    [['diagnose', '--fail'], ['--fail-on']],
    [
      ['diagnose', '--fail-on', ''],
      ['critical', 'warning', 'never'],
    ],
    [['diagnose', '--fail-on=w'], ['--fail-on=warning']],
    [['diagnose', '-o', 'j'], ['json']],
    [
      ['-o', 'json', 'ver'],
      ['verify', 'version'],
    ],
    [
      ['version', '-o', ''],
      ['table', 'json', 'yaml'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['diagnose', '--for', ''], []],
    [['nonsense', ''], []],
  ])('%j', async (words, expected) => {
    const lines = (await completeWords(words, measures)).trimEnd().split('\n');
    expect(lines.at(-1)).toBe(':4');
    expect(lines.slice(0, -1).map((line) => line.split('\t')[0])).toEqual(expected);
  });

  it('leaves paths to the shell', async () => {
    expect(await completeWords(['diagnose', '--netns', ''], measures)).toBe(':0\n');
  });

  it('offers nothing when the lab cannot be asked', async () => {
    const broken = { ...measures, listScenarios: () => Promise.reject(new Error('no lab')) };
    expect(await completeWords(['lab', 'run', ''], broken)).toBe(':4\n');
  });
});

describe('as kubectl asks its plugins', () => {
  it('kubectl_complete-snat answers like complete', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portolan-cli-'));
    try {
      const link = join(folder, 'kubectl_complete-snat');
      symlinkSync(PROGRAM, link);
      const { stdout } = spawnSync(process.execPath, [link, 'diagnose', '--fail-on', ''], { encoding: 'utf8' });
      expect(stdout).toBe(portolan(['complete', '--', 'diagnose', '--fail-on', '']).stdout);
      expect(stdout).toContain('warning\t');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('bash', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portolan-cli-'));
    writeFileSync(join(folder, 'portolan'), `#!/bin/sh\nexec '${process.execPath}' '${SAMPLE_PROGRAM}' "$@"\n`);
    chmodSync(join(folder, 'portolan'), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What bash would put on the line for TAB, through its own programmable completion. */
  function tab(line: string): string[] {
    const script = `
      source <(portolan completion bash); source <(portolan completion bash)
      COMP_LINE=$1 COMP_POINT=\${#1}
      # bash splits the line at COMP_WORDBREAKS; an empty last word stands for the cursor
      IFS=$'\\n' read -r -d '' -a COMP_WORDS < <(grep -oE '[^ =]+|=' <<< "$1")
      [[ $1 == *[[:space:]] ]] && COMP_WORDS+=("")
      COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
      _portolan_complete portolan
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', line], {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  it('parses', () => {
    const { status, stderr } = spawnSync('bash', ['-n'], {
      input: portolan(['completion', 'bash']).stdout,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is registered for both names', () => {
    const { stdout } = spawnSync(
      'bash',
      ['--norc', '-c', 'source <(portolan completion bash); complete -p portolan kubectl-snat'],
      { env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` }, encoding: 'utf8' },
    );
    expect(stdout).toBe('complete -F _portolan_complete portolan\ncomplete -F _portolan_complete kubectl-snat\n');
  });

  it.each([
    ['portolan dia', ['diagnose']],
    ['portolan lab run ', ['healthy', 'time-wait-churn']],
    ['portolan diagnose --fail-on=w', ['warning']],
    ['portolan diagnose --fail-on=', ['critical', 'warning', 'never']],
    ['portolan diagnose --fail-on ', ['critical', 'warning', 'never']],
  ])('%j', (line, expected) => {
    expect(tab(line)).toEqual(expected);
  });

  it('never evaluates what is being typed', () => {
    const trap = join(folder, 'trap');
    tab(`portolan diagnose $(touch\${IFS}${trap}) `);
    expect(spawnSync('test', ['-e', trap]).status).toBe(1);
  });

  it('completes what is typed at a prompt', () => {
    const input = 'source <(portolan completion bash)\nportolan vers\t -o js\t\nexit\n';
    const { stdout } = spawnSync('script', ['-qec', 'bash --norc --noprofile -i', '/dev/null'], {
      input,
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, TERM: 'dumb' },
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(stdout).toContain('portolan version  -o json ');
    expect(stdout).toContain('"schema": "portolan.dev/output/version/v1"');
  });
});

describe.each(['zsh', 'fish'] as const)('%s', (shell) => {
  it('parses where the shell exists, and asks portolan with the words as arguments', () => {
    const script = portolan(['completion', shell]).stdout;
    expect(script).toContain('complete -- ');
    expect(script).not.toMatch(/\beval\b/);
    const isInstalled = spawnSync(shell, ['-c', 'true']).status === 0;
    const checked = isInstalled ? spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' }).status : 0;
    expect(checked).toBe(0);
  });
});
