// Finds a scenario in the lab's own list before anything is built.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { didYouMean } from '../flags/suggestion.ts';
import type { ScenarioRow } from '../../present/scenario-table.ts';
import type { Measures } from '../measures.ts';

/** The scenario of that name. Errors: PTL_UNKNOWN_SCENARIO. */
export async function lookUpScenario(
  name: string,
  { measures, programName }: { measures: Measures; programName: string },
): Promise<ScenarioRow> {
  const scenarios = await measures.listScenarios();
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const names = scenarios.map((scenario) => scenario.name);
  throw new PortolanError(
    'PTL_UNKNOWN_SCENARIO',
    `Cannot open scenario: ${name}, wanted one of the lab's${didYouMean(name, names)}`,
    { hint: `${programName} lab list` },
  );
}
