// portolan lab shell: build a scenario and open a shell on its node.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { CommandInput } from '../command-spec.ts';
import { checkScenarioName } from '../lab/scenario-name.ts';
import { withProgress } from '../progress-line.ts';

/** @returns the exit code of the shell. */
export async function runLabShell(input: CommandInput): Promise<number> {
  const { surroundings, flags, style, mayAsk } = input;
  const name = flags.operand('NAME', 'a scenario of "lab list"');
  const range = flags.range('range');
  flags.finish();
  if (!mayAsk) throw notAllowed('--no-input', style.programName, name);
  if (!surroundings.stdinIsTerminal) throw notAllowed('stdin is no terminal', style.programName, name);
  const { measures, scriptPath, signal, variables } = surroundings;
  const shell = variables['SHELL'] ?? '/bin/sh';
  await checkScenarioName(name, { measures, programName: style.programName });
  await surroundings.isolate();
  return withProgress(input, (progress) =>
    measures.openScenarioShell(name, {
      shell,
      portolan: scriptPath,
      variables,
      signal,
      progress,
      ...(range === undefined ? {} : { range }),
    }),
  );
}

function notAllowed(given: string, programName: string, name: string): PortolanError {
  return new PortolanError('PTL_USAGE', `Cannot open a shell: ${given}, wanted a person at a terminal`, {
    hint: `${programName} lab run ${name}`,
  });
}
