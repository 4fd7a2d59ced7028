// portolan simulate: read a scenario, play it in virtual time, print what happened; or diagnose one of its nodes at the end.
import { nextAfter } from '../../present/simulation/sim-next.ts';
import { momentText } from '../../present/simulation/sim-words.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import type { SimulatedCluster } from '../measures.ts';
import { printDiagnosis } from '../print-diagnosis.ts';
import { withProgress } from '../progress-line.ts';
import { shellWord } from '../../core/advice/shell-word.ts';
import { chooseNode, type NodeChoice } from '../simulate/choose-node.ts';
import { loadScenario } from '../simulate/load-scenario.ts';
import { printSimulation } from '../simulate/print-simulation.ts';
import { STDIN } from '../simulate/read-input-text.ts';
import { readSimulateRequest, type SimulateRequest } from '../simulate/simulate-request.ts';

const ROWS = 5;

/** @returns 0: trouble in a simulation is what was asked for. Errors: PTL_USAGE, PTL_INPUT_FILE, PTL_SCENARIO_FILE. */
export async function runSimulate(input: CommandInput): Promise<number> {
  const request = readSimulateRequest(input);
  const { measures, signal, now, pause } = input.surroundings;
  const helpCommand = `${input.style.programName} simulate --help`;
  const scenario = await loadScenario(request, { input, helpCommand });
  const cluster = await withProgress(input, (progress) =>
    measures.simulate({ scenario, signal, progress, now, pause }),
  );
  const next = nextAfter(cluster.report, operandOf(request));
  if (request.diagnose === undefined) await printSimulation(cluster.report, input, next);
  else await printNode(cluster, { name: request.diagnose, helpCommand, next }, input);
  return FINE;
}

/** What `diagnose` would say of a node at the end; that it is simulated goes to stderr, as the story of `lab run` does. */
async function printNode(
  { report, factsOf }: SimulatedCluster,
  { next, ...choice }: NodeChoice & { readonly next: string },
  input: CommandInput,
): Promise<void> {
  const node = chooseNode(report, choice);
  const { measures, stderr } = input.surroundings;
  const at = momentText(report.seconds.at(-1) ?? 0);
  stderr.write(`${node} of ${report.scenario.name}, simulated, after ${at}:\n\n`);
  const diagnosis = { ...(await measures.diagnose(factsOf(node))), next };
  await printDiagnosis(diagnosis, input, { top: ROWS, explain: false, isOver: true });
}

/** What names the same scenario again on a command line. */
function operandOf({ file, from, node }: SimulateRequest): string {
  const word = (path: string): string => (path === STDIN ? 'FILE' : shellWord(path));
  if (from === undefined) return word(file);
  return `--from ${word(from)}${node === undefined ? '' : ` --node ${shellWord(node)}`}`;
}
