// portolan lab shell: build a scenario and open a shell on its node.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { wrapText } from '../../present/wrap-text.ts';
import type { CommandInput } from '../command-spec.ts';
import { lookUpScenario } from '../lab/scenario-name.ts';
import { clearProgress, withProgress } from '../progress-line.ts';

/** @returns the exit code of the shell. */
export async function runLabShell(input: CommandInput): Promise<number> {
  const { surroundings, flags, style, mayAsk } = input;
  const name = flags.operand('NAME', 'a scenario of "lab list"');
  const range = flags.range('range');
  flags.finish();
  const { measures, scriptPath, signal, stderr, variables } = surroundings;
  const { story } = await lookUpScenario(name, { measures, programName: style.programName });
  if (!mayAsk) throw notAllowed('--no-input', style.programName, name);
  if (!surroundings.stdinIsTerminal) throw notAllowed('stdin is no terminal', style.programName, name);
  const shell = variables['SHELL'] ?? '/bin/sh';
  await surroundings.isolate();
  return withProgress(input, (progress) =>
    measures.openScenarioShell(name, {
      shell,
      portolan: scriptPath,
      variables,
      signal,
      progress,
      onReady: () => {
        clearProgress(input);
        stderr.write(greeting(wrapText(`${name}: ${story}`, { width: style.width })));
      },
      ...(range === undefined ? {} : { range }),
    }),
  );
}

/** Inside, the program is called portolan however it was started. */
function greeting(story: readonly string[]): string {
  return `${story.join('\n')}\ntry: portolan diagnose\nexit leaves this node and takes everything down\n`;
}

function notAllowed(given: string, programName: string, name: string): PortolanError {
  return new PortolanError('PTL_USAGE', `Cannot open a shell: ${given}, wanted a person at a terminal`, {
    hint: `${programName} lab run ${name}`,
  });
}
