// The command simulate on made-up reports: what it takes, what it refuses, what it prints.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { completeWords } from '../../src/cli/completion/complete-words.ts';
import { generateScenarioReference } from '../../src/cli/reference/scenario-reference.ts';
import { readScenario } from '../../src/cli/scenario-file/read-scenario.ts';
import { DESTINATION, EVENT, NODES, TIMEOUTS, TOP, WORKLOAD } from '../../src/cli/scenario-file/scenario-keys.ts';
import { onSample, SAMPLE_PROGRAM } from './run-command.ts';
import { sampleMeasures } from './sample-measures.ts';

const SCENARIO = `duration: 30m
nodes: { count: 3, kernel: "6.1" }
destinations:
  - { name: api, address: "203.0.113.9:443" }
workloads:
  - { name: checkout, pods: 12, destination: api, rate: 300/s, hold: 1s }
`;

let folder = '';
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-simulate-'));
  writeFileSync(file('my shop.yaml'), SCENARIO);
  writeFileSync(file('big.yaml'), `# ${'x'.repeat(262_144)}\n${SCENARIO}`);
  writeFileSync(file('latin.yaml'), Buffer.concat([Buffer.from('story: caf'), Buffer.from([0xe9, 0x0a])]));
  mkdirSync(file('folder.yaml'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const simulate = (...words: string[]) => onSample('critical-churn', ['simulate', ...words]);

describe('portolan simulate', () => {
  it('names the scenario after its file, and quotes a path in what to type next', () => {
    const { code, stdout, stderr } = simulate(file('my shop.yaml'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^my-shop simulated: 12 pods on 3 nodes/);
    expect(stdout).toMatch(/\nNext: portolan plan --destination 203\.0\.113\.9:443 --rate 300\/s --hold 121s /);
  });

  it('reads stdin, stops at a moment, takes another seed', () => {
    const { stdout } = spawnSync(
      process.execPath,
      [SAMPLE_PROGRAM, 'simulate', '-', '--at', '10m', '--seed', '9', '-o', 'json'],
      {
        input: SCENARIO,
        encoding: 'utf8',
      },
    );
    const document: { scenario: { name: string; seed: number }; simulatedSeconds: number } = JSON.parse(stdout);
    expect(document).toMatchObject({ simulatedSeconds: 600, scenario: { name: 'stdin', seed: 9 } });
  });

  it('prints the same as JSON and YAML', () => {
    const json: unknown = JSON.parse(simulate(file('my shop.yaml'), '-o', 'json').stdout);
    expect(parse(simulate(file('my shop.yaml'), '-o', 'yaml').stdout)).toEqual(json);
  });

  it.each([
    ['csv', /^seconds,node,/],
    ['svg', /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/],
  ])('prints %s', (format, begin) => {
    expect(simulate(file('my shop.yaml'), '-o', format).stdout).toMatch(begin);
  });

  it.each([['worst'], ['worker-1']])('diagnoses node %s', (node) => {
    const { code, stdout, stderr } = simulate(file('my shop.yaml'), '--diagnose', node);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'worker-1 of my-shop, simulated, after 30m:\n\n' });
    expect(stdout).toContain('CHURN');
    expect(stdout).toContain('Next: portolan plan ');
  });

  it.each([
    [[], /^Cannot read FILE: nothing given, wanted a scenario file, or - for stdin\n/],
    [['gone.yaml'], /^Cannot read gone\.yaml: no such file, wanted a scenario file\nhint: .*\n$/],
    [['folder.yaml'], /folder\.yaml: a directory, wanted a scenario file\n/],
    [['big.yaml'], /big\.yaml: more than 262,144 bytes, wanted a scenario file\n/],
    [['latin.yaml'], /latin\.yaml: not UTF-8 text, wanted a scenario file\n/],
    [['my shop.yaml/x'], /: no such file, wanted/],
    [['my shop.yaml', '--at', '2h'], /^Cannot read --at: 2h, wanted at most the duration of my-shop: 30m\n/],
    [['my shop.yaml', '--at', '10', '--seed', '-1'], /--seed: -1, wanted .*\nCannot read --at: 10, wanted a moment/],
    [
      ['my shop.yaml', '--diagnose', 'worker-4'],
      /--diagnose: worker-4, wanted worker-1, worker-2, worker-3 or worst; did/,
    ],
    [['my shop.yaml', '--diagnose'], /--diagnose: no value given, wanted the name of a node/],
    [['my shop.yaml', '--diagnose', 'worst', '-o', 'csv'], /--output: csv with --diagnose, wanted table, json or yaml/],
    [['my shop.yaml', '-o', 'wide'], /--output: wide, wanted table, json, yaml, csv or svg/],
  ])('%j: exit 1, nothing on stdout', ([name, ...words], message) => {
    const { code, stdout, stderr } = simulate(
      ...(name === undefined ? [] : [name === 'gone.yaml' ? name : file(name)]),
      ...words,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('says what is wrong with a file and where keys are explained', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [SAMPLE_PROGRAM, 'simulate', '-'], {
      input: SCENARIO.replace('30m', '30'),
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(
      /^Cannot read stdin:1:11 duration: 30, wanted a duration .*\nhint: docs\/reference\/scenario\.md /,
    );
  });

  it('does not wait for a person with --no-input', () => {
    const { stdout } = spawnSync(
      'script',
      ['-qec', `${process.execPath} ${SAMPLE_PROGRAM} simulate - --no-input`, '/dev/null'],
      { encoding: 'utf8', timeout: 20_000 },
    );
    expect(stdout).toContain('Cannot read FILE: - with --no-input, wanted a file');
  });
});

describe('completion of simulate', () => {
  it.each([
    [['simulate', ''], ':0\n'],
    [['simulate', 'exa'], ':0\n'],
    [['simulate', 'my.yaml', ''], ':4\n'],
    [['simulate', 'my.yaml', '-o', 'sv'], 'svg\t\n:4\n'],
  ])('%j', async (words, expected) => {
    expect(await completeWords(words, sampleMeasures('fine'))).toBe(expected);
  });
});

describe('docs/reference/scenario.md', () => {
  const page = generateScenarioReference();

  it('has every key', () => {
    for (const keys of [TOP, NODES, TIMEOUTS, DESTINATION, WORKLOAD, EVENT])
      for (const { name } of Object.values(keys)) expect(page).toContain(`| \`${name}\` | `);
  });

  it('shows a smallest file and events that can be read', () => {
    const [smallest = '', events = ''] = [...page.matchAll(/```yaml\n([^`]*)```/g)].map((match) => match[1] ?? '');
    const scenario = readScenario(`${smallest.replace('10m', '30m')}${events}`, { file: 'page', name: 'page' });
    expect(scenario.events.map(({ kind }) => kind)).toEqual(['nat-port-range', 'deploy', 'burst', 'rate', 'nodes']);
  });
});
