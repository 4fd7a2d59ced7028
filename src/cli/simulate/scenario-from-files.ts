// The scenario of a node that was saved in files: its load as it was seen.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { observedScenario } from '../../sim/observed-scenario.ts';
import type { SimScenario } from '../../sim/sim-scenario.ts';
import type { CommandInput } from '../command-spec.ts';
import { withProgress } from '../progress-line.ts';
import { scenarioSize, sizeProblems } from '../scenario-file/scenario-size.ts';

/** Errors: PTL_NO_LOAD, and those of reading files. */
export async function scenarioFromFiles(
  { from, node }: { readonly from: string; readonly node: string | undefined },
  input: CommandInput,
): Promise<SimScenario> {
  const { measures, signal, wallClock, streamStdin: readStdin, stderr } = input.surroundings;
  const { facts, diagnosis, nodes } = await withProgress(input, (progress) =>
    measures.observeWorstOfFiles({
      paths: [from],
      at: wallClock(),
      readStdin,
      signal,
      progress,
      ...(node === undefined ? {} : { node }),
    }),
  );
  const scenario = observedScenario(facts, diagnosis);
  if (scenario === undefined)
    throw new PortolanError(
      'PTL_NO_LOAD',
      `Cannot simulate node ${facts.node}: no port space of TCP or UDP in use, wanted one`,
      {
        hint: 'write a scenario instead: docs/reference/scenario.md',
      },
    );
  const [problem] = sizeProblems(scenarioSize(scenario));
  if (problem !== undefined)
    throw new PortolanError('PTL_SCENARIO_FILE', `Cannot simulate node ${facts.node}: ${problem}`);
  if (nodes > 1) stderr.write(`${worstSentence(facts.node, nodes)}\n`);
  return scenario;
}

function worstSentence(node: string, nodes: number): string {
  return `This is node ${node}, the one with the worst port space of ${nodes}. Another: --node NAME`;
}
