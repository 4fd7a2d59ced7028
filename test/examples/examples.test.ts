// Every file of examples/ runs, comes out as it must, and its line in examples/README.md is what it prints.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenario-file/read-scenario.ts';
import { conclusionText } from '../../src/present/simulation/sim-verdict.ts';
import type { SimScenario } from '../../src/sim/sim-scenario.ts';
import type { SimReport } from '../../src/sim/sim-report.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import { EXAMPLES } from './example-outcomes.ts';

const FOLDER = new URL('../../../examples/', import.meta.url);
const PAGE = new URL('README.md', FOLDER);
const [BEGIN, END] = ['<!-- What each prints; PTL_GOLDEN=write npm test writes it. -->\n', '<!-- end -->\n'];

function scenarioOf(name: string): SimScenario {
  const file = `${name}.yaml`;
  return readScenario(readFileSync(new URL(file, FOLDER), 'utf8'), { file, name });
}

function runAll(scenario: SimScenario): SimReport {
  const simulation = new Simulation(scenario);
  simulation.advanceTo(scenario.durationSeconds);
  return simulation.report();
}

describe('examples/', () => {
  const reports = new Map<string, SimReport>();
  beforeAll(() => {
    for (const { name } of EXAMPLES) reports.set(name, runAll(scenarioOf(name)));
  });

  it('are all listed', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
    expect(files.sort()).toEqual(EXAMPLES.map(({ name }) => `${name}.yaml`).sort());
  });

  it.each(EXAMPLES)('$name: $shows', ({ name, holds }) => {
    const report = reports.get(name);
    if (report === undefined) throw new RangeError(`${name} did not run`);
    const broken = holds.filter(([, isSo]) => !isSo(report)).map(([what]) => what);
    expect(broken, conclusionText(report).text).toEqual([]);
  });

  it('print what examples/README.md says', () => {
    const rows = EXAMPLES.map(({ name, shows }) => {
      const report = reports.get(name);
      return `| [${name}](${name}.yaml) | ${shows} | ${report === undefined ? '' : conclusionText(report).text} |\n`;
    });
    const table = `${BEGIN}| file | shows | prints last |\n|---|---|---|\n${rows.join('')}${END}`;
    const page = readFileSync(PAGE, 'utf8');
    const wanted = page.slice(0, page.indexOf(BEGIN)) + table + page.slice(page.indexOf(END) + END.length);
    if (process.env['PTL_GOLDEN'] === 'write') writeFileSync(PAGE, wanted);
    expect(readFileSync(PAGE, 'utf8')).toBe(wanted);
  });
});

describe('a simulation that is stopped early', () => {
  it('is the beginning of the whole one', () => {
    const scenario = scenarioOf('remedy-spread');
    const cut = { ...scenario, durationSeconds: 250, events: [] };
    const [whole, beginning] = [scenario, cut].map(runAll);
    const first = beginning?.series[0];
    expect(beginning?.seconds).toEqual([...(whole?.seconds.slice(0, 16) ?? []), 250]);
    expect(first?.usedPorts.slice(0, 16)).toEqual(whole?.series[0]?.usedPorts.slice(0, 16));
    expect(first?.drops.slice(0, 16)).toEqual(whole?.series[0]?.drops.slice(0, 16));
  });
});
