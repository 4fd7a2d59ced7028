// The pages of a simulation, from a made-up report.
import { describe, expect, it } from 'vitest';
import { simulationCsv } from '../../src/present/simulation/sim-csv.ts';
import { simulationDocument } from '../../src/present/simulation/sim-document.ts';
import { nextAfter } from '../../src/present/simulation/sim-next.ts';
import { simulationSvg } from '../../src/present/simulation/sim-plot.ts';
import { formatSimulation } from '../../src/present/simulation/sim-table.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { ASCII_SYMBOLS } from '../../src/present/symbols.ts';
import { matchGolden } from './match-golden.ts';
import { SAMPLE_SCENARIO, sampleSimulation } from './sample-simulation.ts';

const report = sampleSimulation(SAMPLE_SCENARIO);
const next = nextAfter(report, 'black-friday.yaml');

describe('a simulation', () => {
  it.each([100, 80])('on a screen of %i columns', (width) => {
    const page = formatSimulation(report, { style: { ...DEFAULT_STYLE, width }, next });
    matchGolden(`simulation.${width}.txt`, page);
    const tooLong = page.split('\n').filter((line) => line.length > width && !line.startsWith('Next: '));
    expect(tooLong).toEqual([]);
  });

  it('in plain ASCII', () => {
    const page = formatSimulation(report, { style: { ...DEFAULT_STYLE, symbols: ASCII_SYMBOLS }, next });
    matchGolden('simulation.ascii.txt', page);
    expect(page).toMatch(/^[\n -~]*$/);
  });

  it('fits one screen of 30 lines', () => {
    expect(formatSimulation(report, { style: DEFAULT_STYLE, next }).trimEnd().split('\n').length).toBeLessThanOrEqual(
      30,
    );
  });

  it('as JSON', () =>
    matchGolden('simulation.json.txt', `${JSON.stringify(simulationDocument(report, next), null, 2)}\n`));

  it('as CSV: one row per sample and series', () => {
    const csv = simulationCsv(report);
    matchGolden('simulation.csv', csv);
    expect(csv.trimEnd().split('\n')).toHaveLength(1 + report.seconds.length * report.series.length);
  });

  it('as SVG', () => matchGolden('simulation.svg', simulationSvg(report)));
});
