// portolan diagnose: watch this node for a moment, read what was saved of one, or look at a cluster; judge it, print the answer.
import { CHECK_IDS } from '../../core/analysis/finding.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { selectChecks } from '../../present/diagnosis-selection.ts';
import type { SelectedDiagnosis } from '../../present/left-out.ts';
import { chooseTarget } from '../cluster/choose-target.ts';
import { CLUSTER_FLAG_NAMES, readClusterChoice, readClusterReach, readPodLimit } from '../cluster/cluster-flags.ts';
import type { CommandInput } from '../command-spec.ts';
import { exitCodeOf, exitCodeOfCluster, FAIL_ON } from '../exit-code.ts';
import { dashed } from '../flags/dashed.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { nextFromFiles } from '../next-from-files.ts';
import { printDiagnosis } from '../print-diagnosis.ts';
import { withProgress } from '../progress-line.ts';

const WINDOW_SECONDS = 2;
const ROWS = 5;
const MOST_ROWS = 10_000;

/** @returns 0 fine, 2 a finding at or above --fail-on, 3 nothing could be measured. */
export async function runDiagnose(input: CommandInput): Promise<number> {
  const request = readRequest(input);
  if (request.target === 'cluster') {
    const { runClusterDiagnose } = await import('../cluster/run-cluster-diagnose.ts');
    return runClusterDiagnose(input, request).catch((error: unknown) => {
      throw request.isGuess ? withLocalHint(error) : error;
    });
  }
  if (request.target === 'files') return diagnoseFiles(input, request);
  return printNode(await judge(input, { facts: await lookAtNode(input, request), request }), { input, request });
}

type Request = ReturnType<typeof readRequest>;

async function diagnoseFiles(input: CommandInput, request: Request): Promise<number> {
  const read = await readFiles(input, request);
  if ('cluster' in read) {
    const { printCluster } = await import('../cluster/run-cluster-diagnose.ts');
    await printCluster(read.cluster, input, request);
    return exitCodeOfCluster(read.cluster, request.failOn);
  }
  const judged = await judge(input, { facts: read.facts, request });
  const { files, choice } = request;
  return printNode({ ...judged, next: nextFromFiles(judged, { files, node: choice.node }) }, { input, request });
}

async function judge(
  { surroundings: { measures } }: CommandInput,
  { facts, request }: { readonly facts: NodeFacts; readonly request: Request },
): Promise<SelectedDiagnosis> {
  return selectChecks(await measures.diagnose(facts), request);
}

async function printNode(
  diagnosis: SelectedDiagnosis,
  { input, request }: { readonly input: CommandInput; readonly request: Request },
): Promise<number> {
  await printDiagnosis(diagnosis, input, { top: request.top ?? ROWS, explain: request.explain });
  return exitCodeOf(diagnosis, request.failOn);
}

function readFiles(input: CommandInput, { files, choice: { node }, only, skip }: Request) {
  const { measures, wallClock, streamStdin: readStdin } = input.surroundings;
  return withProgress(input, (progress) =>
    measures.diagnoseFiles({
      checks: { only, skip },
      paths: files,
      at: wallClock(),
      readStdin,
      progress,
      ...(node === undefined ? {} : { node }),
    }),
  );
}

/** Errors: PTL_NOT_LINUX. */
function lookAtNode(input: CommandInput, { windowSeconds, snatOnly, netns }: Request) {
  const { measures, platform, signal } = input.surroundings;
  if (platform !== 'linux')
    throw new PortolanError('PTL_NOT_LINUX', `Cannot read this node: this is ${platform}, wanted Linux`, {
      hint: 'look at a cluster: portolan diagnose --context NAME',
    });
  return withProgress(input, (progress) =>
    measures.observeNode({ windowSeconds, snatOnly, signal, progress, ...(netns === undefined ? {} : { netns }) }),
  );
}

function readRequest({ flags, surroundings: { variables, platform } }: CommandInput) {
  const files = flags.operandsLeft();
  const clusterFlags = CLUSTER_FLAG_NAMES.filter((name) => flags.isGiven(name)).map(dashed);
  const nodeFlags = ['netns', 'local'].filter((name) => flags.isGiven(name)).map(dashed);
  const { problems, ...chosen } = chooseTarget({
    hasFiles: files.length > 0,
    nodeFlags,
    clusterFlags,
    variables,
    platform,
  });
  for (const problem of problems) flags.problem(problem);
  const request = {
    ...chosen,
    files,
    choice: readClusterChoice(flags),
    reach: readClusterReach(flags),
    pods: readPodLimit(flags),
    windowSeconds: flags.seconds('for', WINDOW_SECONDS),
    netns: flags.text('netns', 'the path of a network namespace, for example /run/netns/blue'),
    top: flags.isGiven('top') ? flags.count('top', { fallback: ROWS, most: MOST_ROWS }) : undefined,
    only: flags.choices('only', CHECK_IDS),
    skip: flags.choices('skip', CHECK_IDS),
    failOn: flags.choice('failOn', FAIL_ON, 'critical'),
    explain: flags.isSet('explain'),
    snatOnly: flags.isSet('snatOnly'),
  };
  if (files.length > 0) refuseLiveFlags(flags);
  for (const check of request.only)
    if (request.skip.includes(check))
      flags.problem(`Cannot read --skip: ${check}, wanted a check that --only does not name`);
  flags.finish();
  return request;
}

/** Flags that ask something of a running node mean nothing to a file. */
function refuseLiveFlags(flags: FlagReader): void {
  for (const name of LIVE_FLAGS)
    if (flags.isGiven(name))
      flags.problem(
        `Cannot read ${dashed(name)}: given with files, wanted none: files show the moment they were saved`,
      );
}

const LIVE_FLAGS = ['for', 'netns', 'local', 'snatOnly'] as const;

/** Someone on a node whose environment names a cluster may have meant the node. */
function withLocalHint(error: unknown): unknown {
  if (!(error instanceof PortolanError) || !(error.code === 'PTL_KUBECONFIG' || error.code.startsWith('PTL_API_')))
    return error;
  const hint = `${error.hint ?? 'the environment names a cluster'}; this node instead: portolan diagnose --local`;
  return new PortolanError(error.code, error.message, { hint, cause: error, facts: error.facts });
}
