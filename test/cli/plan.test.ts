import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { onSample, portolan } from './run-command.ts';

const FIGURES = ['--destination', '203.0.113.9:443', '--rate', '300/s'];

describe('exit codes of plan', () => {
  it.each([
    ['churn', [], 0],
    ['held', [], 0],
    ['impossible', [], 2],
    ['blind', [], 3],
    ['refused', [], 3],
    ['refused', FIGURES, 0],
    ['bug', [], 1],
    ['churn', ['--target', '2'], 1],
    ['churn', ['--from', '/nowhere/plan.json'], 1],
    ['churn', ['--out', '/nowhere/plan.json', ...FIGURES], 1],
  ] as const)('%s %j: %i', (sample, words, code) => {
    expect(onSample(sample, ['plan', ...words]).code).toBe(code);
  });

  it('elsewhere than on Linux the node cannot be read, and figures can be planned for', () => {
    const elsewhere = { PTL_PLATFORM: 'darwin' };
    const node = onSample('churn', ['plan', '--local'], elsewhere);
    expect({ code: node.code, stdout: node.stdout }).toEqual({ code: 3, stdout: '' });
    expect(node.stderr).toMatch(
      /^Cannot read this node: this is darwin, wanted Linux\nhint: plan from figures: portolan plan --d/,
    );
    expect(onSample('churn', ['plan', ...FIGURES], elsewhere).code).toBe(0);
  });
});

describe('the last line of a plan', () => {
  it.each([
    [['plan'], 'portolan plan --explain'],
    [['plan', ...FIGURES, '--ascii'], `portolan plan ${FIGURES.join(' ')} --ascii --explain`],
    [['-o', 'table', 'plan', '--load', '3x', '--color=never'], 'portolan plan --load 3x --explain'],
    [['plan', '--netns', "/run/netns/o'x"], String.raw`portolan plan --netns '/run/netns/o'\''x' --explain`],
    [['plan', '--explain'], 'portolan plan --what-if natPortRange=4790:65535'],
    [['plan', '--explain', '--what-if', 'nodes=3'], 'portolan diagnose, after the change'],
  ])('%j: %s', (words, next) => {
    expect(onSample('churn', words).stdout.trimEnd().split('\n').at(-1)).toBe(`Next: ${next}`);
  });

  it('is spelled as the plugin is called', () => {
    const { stdout } = onSample('blind', ['plan']);
    expect(stdout).toMatch(/\nNext: sudo portolan plan\n$/);
  });
});

describe('formats of plan', () => {
  it('JSON and YAML carry the same', () => {
    const json: unknown = JSON.parse(onSample('what-if', ['plan', '-o', 'json']).stdout);
    expect(parse(onSample('what-if', ['plan', '-o', 'yaml']).stdout)).toEqual(json);
  });

  it('all that is wrong is said at once, with what was probably meant', () => {
    const { code, stderr } = portolan([
      'plan',
      '--rate',
      '300',
      '--what-if',
      'node=3',
      '--tarket',
      '1/10',
      '-o',
      'wide',
    ]);
    expect(code).toBe(1);
    expect(stderr.split('\n').slice(0, -2)).toEqual([
      expect.stringMatching(/^Cannot read --tarket: no such flag, .*did you mean --target\?$/),
      'Cannot read --output: wide, wanted table, json, yaml or markdown',
      expect.stringMatching(/^Cannot read --destination: nothing given, wanted ADDRESS:PORT/),
      'Cannot read --rate: 300, wanted connections a second, minute or hour, for example 300/s or 18000/min',
      expect.stringMatching(/^Cannot read --what-if: node=3, wanted KEY=VALUE .*; did you mean nodes\?$/),
    ]);
  });
});
