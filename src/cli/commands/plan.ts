// portolan plan: what helps against running out of ports and what each remedy buys; from this node, from figures, from a file.
import type { Plan } from '../../core/advice/plan.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { worldOf } from '../cluster/cluster-world.ts';
import type { CommandInput } from '../command-spec.ts';
import { exitCodeOfPlan } from '../exit-code.ts';
import { withApplyCommands } from '../plan/apply-commands.ts';
import { applyPlace, nextCommand } from '../plan/next-command.ts';
import type { ClusterSource, NodeSource, PlanRequest } from '../plan/plan-request.ts';
import { readPlanRequest } from '../plan/read-plan-request.ts';
import { printPlan } from '../print-plan.ts';
import { withProgress } from '../progress-line.ts';

/** @returns 0 the goal is or can be reached, 2 no remedy reaches it, 3 what decides was not seen. */
export async function runPlan(input: CommandInput): Promise<number> {
  const request = readPlanRequest(input.flags, input.surroundings);
  const file = await import('../plan/plan-file.ts');
  if (request.out !== undefined) file.checkOut(request.out);
  const made = await planOf(request, input);
  const plan = { ...made, next: nextCommand(made, request, input.surroundings.arguments) };
  if (request.out !== undefined) file.savePlan(request.out, plan);
  await printPlan(isForPrograms(input) ? plan : withApplyCommands(plan, applyPlace(request)), input, request);
  return exitCodeOfPlan(plan);
}

/** A saved plan is such a document too: it holds commands that need no file. */
function isForPrograms({ format }: CommandInput): boolean {
  return format === 'json' || format === 'yaml';
}

async function planOf(request: PlanRequest, input: CommandInput): Promise<Plan> {
  const { source } = request;
  switch (source.kind) {
    case 'saved':
      return (await import('../plan/plan-file.ts')).readPlan(source.path);
    case 'figures': {
      const { plainFigures } = await import('../plan/plain-figures.ts');
      const at = input.surroundings.wallClock();
      return input.surroundings.measures.planForFigures(plainFigures(source), { ...request, at });
    }
    case 'node':
      return planForNode(source, request, input);
    case 'cluster':
      return planForCluster(source, request, input);
  }
}

/** Reads the nodes of a cluster. Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_LOAD, PTL_CANNOT_MEASURE. */
function planForCluster(source: ClusterSource, request: PlanRequest, input: CommandInput): Promise<Plan> {
  const { measures, signal } = input.surroundings;
  const { choice, reach, windowSeconds } = source;
  const { goal, whatIfs } = request;
  const asked = { choice, reach, windowSeconds, snatOnly: false, space: source, goal, whatIfs };
  return withProgress(input, (progress) =>
    measures.planForCluster({ ...asked, world: worldOf(input.surroundings), signal, progress }),
  );
}

/** Watches this node, or reads files, as `diagnose` does. Errors: PTL_NOT_LINUX, PTL_NO_LOAD, PTL_INPUT_FILE, PTL_UNKNOWN_FILE. */
async function planForNode(source: NodeSource, request: PlanRequest, input: CommandInput): Promise<Plan> {
  const { measures } = input.surroundings;
  if (source.files !== undefined) return planForFiles(source, request, input);
  const facts = await lookAtNode(source, input);
  return measures.planForDiagnosis(await measures.diagnose(facts), { ...request, facts, choice: source });
}

function lookAtNode({ windowSeconds, netns }: NodeSource, input: CommandInput): Promise<NodeFacts> {
  const { measures, platform, signal } = input.surroundings;
  if (platform !== 'linux')
    throw new PortolanError('PTL_NOT_LINUX', `Cannot read this node: this is ${platform}, wanted Linux`, {
      hint: 'plan from figures: portolan plan --destination 203.0.113.9:443 --rate 300/s --hold 120s --nodes 6 --pods 40',
    });
  return withProgress(input, (progress) =>
    measures.observeNode({ windowSeconds, signal, progress, ...(netns === undefined ? {} : { netns }) }),
  );
}

function planForFiles(source: NodeSource, { goal, whatIfs }: PlanRequest, input: CommandInput): Promise<Plan> {
  const { measures, signal, wallClock, streamStdin: readStdin } = input.surroundings;
  const { files = [], node } = source;
  return withProgress(input, (progress) =>
    measures.planForFiles({
      paths: files,
      at: wallClock(),
      readStdin,
      signal,
      progress,
      goal,
      whatIfs,
      choice: source,
      ...(node === undefined ? {} : { node }),
    }),
  );
}
