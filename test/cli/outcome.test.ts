import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { onSample, portolan, SAMPLE_PROGRAM } from './run-command.ts';

describe('exit codes', () => {
  it.each([
    ['fine', [], 0],
    ['idle', [], 0],
    ['nearing', [], 0],
    ['nearing', ['--fail-on', 'warning'], 2],
    ['critical-churn', [], 2],
    ['critical-churn', ['--fail-on', 'never'], 0],
    ['critical-churn', ['--only', 'table-full'], 3],
    ['critical-churn', ['--skip', 'churn,nearing'], 0],
    ['critical-churn', ['--skip', 'churn,nearing', '--fail-on', 'warning'], 2],
    ['critical-churn', ['-o', 'json'], 2],
    ['cannot-tell', [], 3],
    ['cannot-tell', ['--fail-on', 'never'], 3],
    ['cannot-tell', ['--only', 'churn'], 3],
    ['many-gaps', ['--skip', 'churn,leak'], 3],
    ['blind-but-busy', [], 3],
    ['refused', [], 3],
    ['bug', [], 1],
  ] as const)('%s %j: %i', (sample, words, code) => {
    expect(onSample(sample, ['diagnose', ...words]).code).toBe(code);
  });

  it.each([
    ['calm', [], 0],
    ['troubled', [], 2],
    ['blind', [], 3],
    ['blind', ['--fail-on', 'never'], 3],
    ['empty', [], 3],
    ['troubled', ['--fail-on', 'never'], 3],
    ['calm', ['--local', '-A'], 1],
    ['calm', ['--netns', 'x'], 1],
    ['calm', ['-n', 'payments', '-A'], 1],
  ] as const)('in a cluster, %s %j: %i', (sample, words, code) => {
    expect(onSample(sample, ['diagnose', '--context', 'prod', ...words]).code).toBe(code);
  });

  it('a kubeconfig in the environment means the cluster, and its flags stay in the next command', () => {
    const { stdout } = onSample('troubled', ['diagnose'], { KUBECONFIG: '/etc/kube/prod' });
    expect(stdout).toContain('1 critical, 2 warning, 2 unknown, 2 fine of 7 nodes');
    const named = onSample('troubled', ['diagnose', '--context', 'prod']).stdout;
    expect(named).toContain(
      'Next: portolan plan --context prod   (why: portolan diagnose --node worker-3 --context prod)',
    );
  });

  it.each([
    ['misfit', 2],
    ['fits', 0],
    ['cannot-tell', 3],
    ['kept', 0],
  ] as const)('preflight, %s: %i', (sample, code) => {
    expect(onSample(sample, ['preflight']).code).toBe(code);
  });

  it('elsewhere than on Linux: one line, the next best command, 3', () => {
    const { code, stdout, stderr } = onSample('fine', ['diagnose', '--local'], { PTL_PLATFORM: 'darwin' });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(
      'Cannot read this node: this is darwin, wanted Linux\nhint: look at a cluster: portolan diagnose --context NAME\n',
    );
  });

  it.each([
    [['lab', 'run', 'healthy'], 0],
    [['lab', 'run', 'time-wait-churn'], 1],
    [['lab', 'run', 'time-wait-churn', '--range', '1024:2000'], 0],
    [['exam', '--seeds', '2'], 1],
    [['probe'], 0],
    [['rules'], 0],
    [['demo'], 0],
  ] as const)('%j: %i', (words, code) => {
    expect(onSample('fine', words).code).toBe(code);
  });

  it.each([
    ['skipping', {}, 0],
    ['skipping', { CI: 'true' }, 1],
    ['skipping-all', {}, 1],
  ] as const)('an exam that is %s with %j: %i, and the skips are counted', (sample, variables, code) => {
    const exam = onSample(sample, ['exam', '--seeds', '2'], variables);
    expect(exam.code).toBe(code);
    expect(exam.stdout).toMatch(/, [12] skipped\n$/);
  });

  it('a kernel on which nothing could be tried: 3', () => {
    expect(onSample('cannot-tell', ['probe']).code).toBe(3);
  });

  it('refused namespaces: message and hint', () => {
    expect(onSample('refused', ['diagnose']).stderr).toBe(
      'Cannot make a namespace: EPERM, wanted user namespaces allowed\nhint: run with sudo, or allow user namespaces (docs/reference/user-namespaces.md)\n',
    );
  });
});

describe('lab run', () => {
  it('tells the story first and the verdict last, on stderr, and names the next command of the lab', () => {
    const { stdout, stderr } = onSample('critical-churn', ['lab', 'run', 'time-wait-churn']);
    expect(stderr).toBe('time-wait-churn: Short connections to one destination\n\nexpected: churn \u2713\n');
    expect(stdout).toMatch(/\nNext: portolan lab run time-wait-churn --explain\n$/);
  });

  it('leads on to the shell after --explain', () => {
    const { stdout } = onSample('critical-churn', ['lab', 'run', 'time-wait-churn', '--explain']);
    expect(stdout).toMatch(/\nNext: portolan lab shell time-wait-churn\n$/);
  });
});

describe('lab shell', () => {
  it('greets on stderr with the story, what to try and how to leave', () => {
    const command = `${process.execPath} ${SAMPLE_PROGRAM} lab shell healthy`;
    const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], {
      env: { PATH: process.env['PATH'] ?? '', PORTOLAN_ISOLATED: 'user', PTL_SAMPLE: 'fine' },
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/healthy: Two pods talk to one server\r?\ntry: portolan diagnose\r?\nexit leaves/);
    expect(status).toBe(7);
  });

  it('names an unknown scenario before it asks for a terminal', () => {
    expect(onSample('fine', ['lab', 'shell', 'nope']).stderr).toMatch(/^Cannot open scenario: nope/);
  });
});

describe('diagnose --explain', () => {
  it('does not lead back to itself', () => {
    const { stdout } = onSample('table-full', ['diagnose', '--explain']);
    expect(stdout).toMatch(
      /\nNext: sysctl -w net\.netfilter\.nf_conntrack_max=524288, or read \/.*\/docs\/checks\/table-full\.md\n$/,
    );
  });
});

describe('bugs', () => {
  it('are one short report', () => {
    const { stdout, stderr } = onSample('bug', ['diagnose']);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^portolan has a bug: TypeError: rows is undefined\nhint: report this line with "diagnose", node v\S+ on linux; -v shows where it happened\n$/,
    );
  });

  it('show where with -v', () => {
    expect(onSample('bug', ['diagnose', '-v']).stderr).toMatch(/\n {4}at /);
  });

  it('thrown outside of any command are reported too', () => {
    const { code, stderr } = onSample('late-bug', ['diagnose']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^portolan has a bug: RangeError: offset is out of bounds\n/);
  });
});

describe('streams', () => {
  it('data on stdout, nothing on stderr without a terminal', () => {
    const { stdout, stderr } = onSample('critical-churn', ['diagnose']);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^Next: /);
  });

  it('-v says steps on stderr', () => {
    expect(onSample('fine', ['diagnose', '-v']).stderr).toBe('reading flows\n');
  });

  it('no colour in a pipe, colour when told, also against NO_COLOR', () => {
    expect(onSample('fine', ['diagnose']).stdout).not.toContain('\u001b');
    expect(onSample('fine', ['diagnose', '--color', 'always'], { NO_COLOR: '1' }).stdout).toContain('\u001b[32m');
    expect(onSample('fine', ['diagnose', '--color', 'never']).stdout).not.toContain('\u001b');
  });

  it('TERM=dumb and --ascii print ASCII only', () => {
    for (const { stdout } of [
      onSample('fine', ['diagnose'], { TERM: 'dumb' }),
      onSample('fine', ['diagnose', '--ascii']),
    ]) {
      expect(stdout).toMatch(/^[\n -~]*$/);
      expect(stdout).toContain('\n+ FINE');
    }
  });

  it.each([
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, '+ FINE'],
    [{ LANG: 'C' }, '+ FINE'],
    [{ LC_ALL: '', LANG: 'C.utf8' }, '\u2713 FINE'],
    [{}, '\u2713 FINE'],
  ])('%j: %s', (variables, mark) => {
    expect(onSample('fine', ['diagnose'], variables).stdout).toContain(`\n${mark}`);
  });

  it('a full disk is one line and exit code 1', () => {
    const line = '"$0" "$1" diagnose > /dev/full';
    const { stderr, status } = spawnSync('bash', ['--norc', '-c', line, process.execPath, SAMPLE_PROGRAM], {
      env: { PATH: process.env['PATH'] ?? '', PTL_SAMPLE: 'critical-churn' },
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: 'Cannot write to stdout: ENOSPC, wanted room\n', status: 1 });
  });

  it('JSON and YAML carry the same', () => {
    const json: unknown = JSON.parse(onSample('conflict', ['diagnose', '-o', 'json']).stdout);
    expect(parse(onSample('conflict', ['diagnose', '-o', 'yaml']).stdout)).toEqual(json);
  });

  it('a reader that leaves early is no error', () => {
    const { stdout, stderr, status } = spawnSync(
      'bash',
      [
        '--norc',
        '-c',
        `set -o pipefail; "$0" "$1" diagnose -o json | head -c 1; echo " \${PIPESTATUS[0]}"`,
        process.execPath,
        SAMPLE_PROGRAM,
      ],
      {
        env: { PATH: process.env['PATH'] ?? '', PTL_SAMPLE: 'critical-churn' },
        encoding: 'utf8',
      },
    );
    expect({ stdout, stderr, status }).toEqual({ stdout: '{ 2\n', stderr: '', status: 0 });
  });

  it('a closed stdout is no error and keeps the exit code', () => {
    const line = '"$0" "$1" diagnose | true; echo "${PIPESTATUS[0]}"';
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line, process.execPath, SAMPLE_PROGRAM], {
      env: { PATH: process.env['PATH'] ?? '', PTL_SAMPLE: 'critical-churn' },
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '2\n', stderr: '' });
  });
});

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: %i, nothing printed', async (signal, wanted) => {
    const child = spawn(process.execPath, [SAMPLE_PROGRAM, 'diagnose', '-v'], {
      env: { PATH: process.env['PATH'] ?? '', PTL_SAMPLE: 'hang' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (part: Buffer) => {
        stderr += part.toString();
        resolve();
      });
    });
    child.kill(signal);
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect({ code, stdout, stderr }).toEqual({ code: wanted, stdout: '', stderr: 'reading flows\n' });
  });
});

describe('on a terminal', () => {
  it('has colour, a progress line that goes away, and the width of the terminal', () => {
    const { stdout } = spawnSync(
      'script',
      ['-qec', `stty cols 80; ${process.execPath} ${SAMPLE_PROGRAM} diagnose`, '/dev/null'],
      {
        env: { PATH: process.env['PATH'] ?? '', PTL_SAMPLE: 'critical-churn', TERM: 'xterm' },
        encoding: 'utf8',
      },
    );
    expect(stdout).toContain('reading flows 50 %');
    expect(stdout).toContain('\u001b[1;31m✗ CHURN\u001b[0m');
    expect(stdout).toContain('\r\u001b[2K');
    expect(stdout).toMatch(/towards this\r?\n           destination, and the kernel does not take them over\./);
  });

  it('NO_COLOR takes colour away there', () => {
    const { stdout } = spawnSync('script', ['-qec', `${process.execPath} ${SAMPLE_PROGRAM} diagnose`, '/dev/null'], {
      env: { PATH: process.env['PATH'] ?? '', PTL_SAMPLE: 'critical-churn', TERM: 'xterm', NO_COLOR: '1' },
      encoding: 'utf8',
    });
    expect(stdout).toContain('✗ CHURN');
    expect(stdout).not.toContain('\u001b[1;31m');
  });
});

describe('version', () => {
  it('is the package version', () => {
    expect(portolan(['version']).stdout).toBe('portolan 0.1.0\n');
  });
});
