import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KEY_BINDINGS } from '../../src/present/top/top-key.ts';
import { onSample, portolan } from './run-command.ts';

const UTF8 = { LANG: 'C.UTF-8' };

describe('portolan top, as it is typed', () => {
  it('says all that is wrong at once', () => {
    const { code, stderr } = portolan([
      'top',
      '--interval',
      'soon',
      '--netns',
      '/x',
      '--lab',
      'filling',
      '--range',
      '9-5',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot read --interval: soon, wanted /m);
    expect(stderr).toMatch(/^Cannot read --range: 9-5, wanted FIRST:LAST/m);
    expect(stderr).toMatch(/^Cannot read --netns: given with --lab, wanted one of them$/m);
  });

  it('changes no range of a real node', () => {
    const { code, stderr } = portolan(['top', '--range', '40000:40511']);
    expect(code).toBe(1);
    expect(stderr).toContain('Cannot read --range: given without --lab');
  });

  it('opens nothing with --no-input, but prints', () => {
    const { code, stderr } = onSample('fine', ['top', '--no-input']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'Cannot open the live view: --no-input, wanted a person at a terminal\nhint: portolan diagnose, or portolan top --once\n',
    });
    expect(onSample('fine', ['top', '--no-input', '--once'], UTF8)).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses before a lab is built', () => {
    for (const words of [
      ['top', '--lab', 'healthy'],
      ['lab', 'run', 'healthy', '--top'],
    ]) {
      const { code, stderr, stdout } = portolan(words);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('Cannot open the live view: stdout is no terminal');
    }
    expect(portolan(['lab', 'run', 'healthy', '--top', '--explain']).stderr).toContain('given with --top');
  });

  it('knows the scenarios', () => {
    const { code, stderr } = portolan(['top', '--lab', 'heathy', '--once']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot open scenario: heathy, .*healthy/);
  });
});

describe('one frame', () => {
  it('shows the worst destination first, also in ASCII', () => {
    expect(onSample('critical-churn', ['top', '--once'], UTF8).stdout).toContain('✗ tcp 203.0.113.9:443');
    const plain = onSample('critical-churn', ['top', '--once', '--ascii']).stdout;
    expect(plain).toMatch(/^[\n\x20-\x7e]*$/);
    expect(plain).toContain('x tcp 203.0.113.9:443');
  });

  it('is never exit code 0 when what decides was not seen', () => {
    const { code, stdout } = onSample('cannot-tell', ['top', '--once'], UTF8);
    expect(code).toBe(3);
    expect(stdout).toContain('? CANNOT TELL');
    expect(stdout).toContain('not seen: ');
    expect(stdout).not.toContain('no port used');
    expect(onSample('critical-churn', ['top', '--once']).code).toBe(0);
  });

  it('stays within 100 columns where there is no terminal', () => {
    const lines = onSample('many-gaps', ['top', '--once'], UTF8).stdout.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe('docs/reference/top.md', () => {
  it('has a row for every key', () => {
    const page = readFileSync(new URL('../../../docs/reference/top.md', import.meta.url), 'utf8');
    const rows = page.slice(page.indexOf('## Keys')).split('\n');
    for (const { keys } of KEY_BINDINGS)
      for (const key of keys.split(', '))
        expect(
          rows.some(
            (row) =>
              row.startsWith('|') &&
              row
                .split('|')[1]
                ?.split(/[,;]/)
                .some((cell) => cell.trim() === key),
          ),
        ).toBe(true);
  });
});
