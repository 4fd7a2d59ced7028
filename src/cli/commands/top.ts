// portolan top: a live view of a node's SNAT ports, or of a cluster's nodes by their agents.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { chooseTarget } from '../cluster/choose-target.ts';
import { readClusterChoice, readClusterReach } from '../cluster/cluster-flags.ts';
import type { CommandInput } from '../command-spec.ts';
import { dashed } from '../flags/dashed.ts';
import { runNodeTop, runScenarioTop } from '../top/node-looks.ts';
import { checkTerminal } from '../top/run-top.ts';
import { TOP_CLUSTER_FLAG_NAMES } from '../top/top-cluster-flags.ts';

const INTERVAL_SECONDS = 2;
/** An agent reports every 5 s. */
const CLUSTER_INTERVAL_SECONDS = 5;

/** @returns 0 when left, 130 after Ctrl-C; with --once 3 when something that decides was not seen. */
export async function runTopCommand(input: CommandInput): Promise<number> {
  const { target, choice, reach, scenario, range, netns, ...request } = readRequest(input);
  if (!request.isOnce) checkTerminal(input);
  if (target === 'cluster') {
    const { runClusterTop } = await import('../top/cluster-top.ts');
    return runClusterTop(input, { ...request, choice, reach });
  }
  checkLinux(input);
  return scenario === undefined
    ? runNodeTop(input, { ...request, netns })
    : runScenarioTop(input, { ...request, scenario, range });
}

function readRequest({ flags, surroundings: { variables, platform } }: CommandInput) {
  const { target, problems } = chooseTarget({
    hasFiles: false,
    nodeFlags: ['netns', 'lab', 'local'].filter((name) => flags.isGiven(name)).map(dashed),
    clusterFlags: TOP_CLUSTER_FLAG_NAMES.filter((name) => flags.isGiven(name)).map(dashed),
    variables,
    platform,
  });
  for (const problem of problems) flags.problem(problem);
  const request = {
    target,
    choice: readClusterChoice(flags),
    reach: readClusterReach(flags),
    intervalSeconds: flags.seconds('interval', target === 'cluster' ? CLUSTER_INTERVAL_SECONDS : INTERVAL_SECONDS),
    isOnce: flags.isSet('once'),
    netns: flags.text('netns', 'the path of a network namespace, for example /run/netns/blue'),
    scenario: flags.text('lab', 'a scenario of "lab list"'),
    range: flags.range('range'),
  };
  if (flags.isGiven('lab') && flags.isGiven('netns'))
    flags.problem('Cannot read --netns: given with --lab, wanted one of them');
  if (flags.isGiven('range') && !flags.isGiven('lab'))
    flags.problem(
      'Cannot read --range: given without --lab, wanted a scenario: the range of a real node is not changed here',
    );
  flags.finish();
  return request;
}

/** Errors: PTL_NOT_LINUX. */
function checkLinux({ surroundings: { platform } }: CommandInput): void {
  if (platform === 'linux') return;
  throw new PortolanError('PTL_NOT_LINUX', `Cannot read this node: this is ${platform}, wanted Linux`, {
    hint: 'look at a cluster: portolan top --context NAME',
  });
}
