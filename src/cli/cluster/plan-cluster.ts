// A plan for a cluster: the hottest port space over all nodes, how its load lies on them, and what opens it.
import { clusterLoad, type Destination, type NodeLoad } from '../../core/advice/cluster-load.ts';
import type { Plan } from '../../core/advice/plan.ts';
import { planLayers } from '../../core/advice/plan-cluster.ts';
import { planInCluster } from '../../core/advice/plan-in-cluster.ts';
import type { Workload as PlannedWorkload } from '../../core/advice/situation.ts';
import { vxlanPortOf } from '../../core/analysis/vxlan-port.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { isLinux } from '../../core/model/cluster-node.ts';
import type { Workload } from '../../core/model/workload.ts';
import { readPodSelector } from '../../kube/resources/read-pod-selector.ts';
import { chooseSpace } from '../plan/choose-space.ts';
import { type Hottest, HottestNode } from '../plan/hottest-node.ts';
import { planForDiagnosis } from '../plan/make-plan.ts';
import type { ClusterPlanOptions } from './cluster-options.ts';
import { type OpenCluster, withCluster } from './open-cluster.ts';
import { surveyCluster } from './survey-cluster.ts';

/** Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_LOAD, PTL_CANNOT_MEASURE when no node can be read. */
export function planForCluster(options: ClusterPlanOptions): Promise<Plan> {
  return withCluster(options, async (cluster) => {
    const keeper = new HottestNode(options.space);
    const { outcomes } = await surveyCluster(cluster, { options, visit: (facts) => keeper.visit(facts) });
    const loads = outcomes.flatMap((outcome) => (outcome.read ? [outcome.value] : []));
    const { hottest } = keeper;
    if (hottest === undefined)
      throw nothingRead(
        outcomes.find(({ read }) => !read),
        cluster,
      );
    const { portSpace } = chooseSpace(hottest.diagnosis, options.space);
    return planFor(cluster, { hottest, loads, to: portSpace, unread: outcomes.length - loads.length, options });
  });
}

interface Found {
  readonly hottest: Hottest;
  readonly loads: readonly NodeLoad[];
  readonly to: Destination;
  readonly unread: number;
  readonly options: ClusterPlanOptions;
}

async function planFor(cluster: OpenCluster, { hottest, loads, to, unread, options }: Found): Promise<Plan> {
  const { goal, whatIfs, space, signal } = options;
  const { range, sources, client, facts } = cluster;
  const load = clusterLoad(loads, to);
  const workload = await plannedWorkload(load.workload, { cluster, signal });
  const vxlanPort = vxlanPortOf(sources);
  const plan = planForDiagnosis(hottest.diagnosis, {
    goal,
    whatIfs,
    facts: hottest.facts,
    choice: space,
    cluster: {
      carriers: load.carriers.length,
      hottestShare: load.hottestShare,
      nodesRead: loads.length,
      nodesUnread: unread,
      ...(load.pods === undefined ? {} : { pods: load.pods }),
      ...(facts.nodes.seen
        ? { maxNodes: facts.nodes.value.filter((node) => isLinux(node) && node.isSchedulable !== false).length }
        : {}),
      ...(workload === undefined ? {} : { workload }),
      ...(vxlanPort.seen ? { vxlan: vxlanPort.value !== undefined } : {}),
      ...(sources.pools.seen
        ? { podCidrs: sources.pools.value.filter(({ natOutgoing }) => natOutgoing).map(({ cidr }) => cidr) }
        : {}),
      nodePortRange: range.nodePorts.range,
    },
  });
  return planInCluster(plan, { context: client.context, nodes: load.carriers, layers: planLayers(range.nodes) });
}

/** What kubectl can patch, with the labels of its own selector. */
async function plannedWorkload(
  workload: Workload | undefined,
  { cluster, signal }: { readonly cluster: OpenCluster; readonly signal: AbortSignal },
): Promise<PlannedWorkload | undefined> {
  if (workload === undefined || !PATCHED.has(workload.kind)) return undefined;
  const { kind, namespace, name } = workload;
  const selector = await readPodSelector(cluster.client, workload, signal);
  const matchLabels = selector.seen ? selector.value : undefined;
  return { kind: kind.toLowerCase(), namespace, name, ...(matchLabels === undefined ? {} : { matchLabels }) };
}

const PATCHED: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet']);

function nothingRead(
  outcome:
    | { readonly node: string; readonly read: boolean; readonly why?: string; readonly remedy?: string }
    | undefined,
  { range }: OpenCluster,
): PortolanError {
  const why = outcome === undefined ? 'it has no node' : `node ${outcome.node}: ${outcome.why ?? ''}`;
  const message = `Cannot plan: no node of ${range.cluster} could be read (${why}), wanted the flows of one at least`;
  return new PortolanError(
    'PTL_CANNOT_MEASURE',
    message,
    outcome?.remedy === undefined ? {} : { hint: outcome.remedy },
  );
}
