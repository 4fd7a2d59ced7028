// portolan lab list: the scenarios of the lab.
import { formatScenarios, scenariosDocument } from '../../present/scenario-table.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';

export async function runLabList({ surroundings, flags, style, format }: CommandInput): Promise<number> {
  flags.finish();
  const scenarios = await surroundings.measures.listScenarios();
  if (format === 'json' || format === 'yaml')
    await printDocument(scenariosDocument(scenarios), format, surroundings.stdout);
  else surroundings.stdout.write(formatScenarios(scenarios, style));
  return FINE;
}
