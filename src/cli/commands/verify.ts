// portolan verify: whether the nodes of a cluster use the range that they are configured to, now and, with --watch, from now on.
import type { NodeWitness } from '../../act/change/node-witness.ts';
import type { VerifyLevel } from '../../core/advice/change/change.ts';
import { type NodeCheck, checkNode } from '../../core/advice/change/node-check.ts';
import type { RangeView } from '../../core/advice/change/plan-range-change.ts';
import type { EffectiveNatPortRange } from '../../core/analysis/range-chain.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { checksDocument, formatChecks } from '../../present/change/check-table.ts';
import { clusterFlags } from '../change/cluster-flags.ts';
import {
  type ClusterRequest,
  type ClusterSession,
  openWitness,
  readRangeView,
  withCluster,
} from '../change/cluster-session.ts';
import { watchDrift } from '../change/watch-drift.ts';
import { readAgentChoice } from '../cluster/cluster-flags.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE, FOUND } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';
import type { Progress } from '../watched.ts';

/** Each look is an exec or two. */
const NODES_AT_ONCE = 4;

interface VerifyRequest extends ClusterRequest {
  readonly wanted: PortRange | undefined;
  readonly nodes: readonly string[];
  readonly level: VerifyLevel;
  readonly watches: boolean;
}

/** @returns 0 every node as configured, 2 one differs, 3 cannot tell. Errors: PTL_NO_SUCH_NODE, PTL_CHANGE_REFUSED, PTL_API_*. */
export async function runVerify(input: CommandInput): Promise<number> {
  const { flags } = input;
  const request: VerifyRequest = {
    wanted: flags.range('natPortRange'),
    nodes: flags.texts('node', 'the name of a node'),
    level: flags.choice('verify', ['rules', 'ready'], 'rules'),
    watches: flags.isSet('watch'),
    choice: readAgentChoice(flags),
    ...clusterFlags(flags),
  };
  flags.finish();
  return withCluster(request, input.surroundings, async (session) => {
    const view = await readRangeView(session);
    const checks = await check(view, { request, session, input });
    await print(checks, view, input);
    if (request.watches) await watchDrift(view, session, input);
    return exitCodeOf(checks);
  });
}

interface Verify {
  readonly request: VerifyRequest;
  readonly session: ClusterSession;
  readonly input: CommandInput;
}

async function check(view: RangeView, { request, session, input }: Verify): Promise<readonly NodeCheck[]> {
  const chains = chosen(view, request);
  const witness = await openWitness(session);
  try {
    return await withProgress(input, (progress) => checkAll(chains, { witness, request, session, progress }));
  } finally {
    witness.close();
  }
}

/** Errors: PTL_NO_SUCH_NODE. */
function chosen({ cluster }: RangeView, { nodes }: VerifyRequest): readonly EffectiveNatPortRange[] {
  const missing = nodes.find((name) => !cluster.nodes.some(({ node }) => node === name));
  if (missing !== undefined)
    throw new PortolanError(
      'PTL_NO_SUCH_NODE',
      `Cannot find node ${missing} in ${cluster.cluster}, wanted one of its Linux nodes`,
    );
  return nodes.length === 0 ? cluster.nodes : cluster.nodes.filter(({ node }) => nodes.includes(node));
}

interface Looking {
  readonly witness: NodeWitness;
  readonly request: VerifyRequest;
  readonly session: ClusterSession;
  readonly progress: Progress;
}

async function checkAll(chains: readonly EffectiveNatPortRange[], looking: Looking): Promise<readonly NodeCheck[]> {
  const { witness, request, session, progress } = looking;
  const { wanted, level } = request;
  const waiting = [...chains];
  const checks = new Map<string, NodeCheck>();
  const worker = async (): Promise<void> => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      progress(`looking at ${chain.node}`, checks.size / chains.length);
      const look = await witness.look(chain.node, {
        wantsRules: level === 'rules',
        since: undefined,
        signal: session.signal,
      });
      checks.set(chain.node, checkNode(chain, look, { wanted, level }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(NODES_AT_ONCE, chains.length) }, worker));
  return chains.flatMap(({ node }) => checks.get(node) ?? []);
}

async function print(
  checks: readonly NodeCheck[],
  { cluster }: RangeView,
  { format, style, surroundings }: CommandInput,
): Promise<void> {
  if (format === 'json' || format === 'yaml')
    return printDocument(checksDocument(checks, cluster.cluster), format, surroundings.stdout);
  surroundings.stdout.write(formatChecks(checks, style));
  const poisoned = new Set(
    cluster.nodes
      .flatMap(({ traps }) => traps)
      .filter(({ id }) => id === 'undecodable')
      .map(({ place, what }) => `${place}: ${what}`),
  );
  for (const text of poisoned) surroundings.stderr.write(`warning: ${text}\n`);
  if (poisoned.size > 0) surroundings.stdout.write(`Next: ${style.programName} apply --repair\n`);
}

function exitCodeOf(checks: readonly NodeCheck[]): number {
  if (checks.some(({ outcome }) => outcome === 'differs')) return FOUND;
  return checks.length === 0 || checks.some(({ outcome }) => outcome === 'not-seen') ? COULD_NOT_MEASURE : FINE;
}
