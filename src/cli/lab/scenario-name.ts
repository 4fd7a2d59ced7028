// Checks a scenario's name against the lab's own list before anything is built.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { didYouMean } from '../flags/suggestion.ts';
import type { Measures } from '../measures.ts';

/** Errors: PTL_UNKNOWN_SCENARIO. */
export async function checkScenarioName(
  name: string,
  { measures, programName }: { measures: Measures; programName: string },
): Promise<void> {
  const names = (await measures.listScenarios()).map((scenario) => scenario.name);
  if (names.includes(name)) return;
  throw new PortolanError(
    'PTL_UNKNOWN_SCENARIO',
    `Cannot open scenario: ${name}, wanted one of the lab's${didYouMean(name, names)}`,
    { hint: `${programName} lab list` },
  );
}
