// A plan from files: for one node, or over all nodes of a bundle or tree as over those of a cluster.
import { clusterLoad, type NodeLoad } from '../../core/advice/cluster-load.ts';
import type { Plan } from '../../core/advice/plan.ts';
import type { Workload as PlannedWorkload } from '../../core/advice/situation.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import { isLinux } from '../../core/model/cluster-node.ts';
import type { Workload } from '../../core/model/workload.ts';
import { type SeveralNodes, surveyFiles } from '../../observe/files/observe-files.ts';
import type { ClusterPlacement, FilesPlanOptions } from '../measures.ts';
import { chooseSpace } from './choose-space.ts';
import { HottestNode } from './hottest-node.ts';
import { planForDiagnosis } from './make-plan.ts';

/** Errors: those of reading files, PTL_NO_LOAD, PTL_CANNOT_MEASURE. */
export async function planForFiles({ choice, goal, whatIfs, ...files }: FilesPlanOptions): Promise<Plan> {
  const keeper = new HottestNode(choice);
  const loads: NodeLoad[] = [];
  const read = await surveyFiles(files, (facts) => loads.push(keeper.visit(facts)));
  if ('facts' in read) loads.push(keeper.visit(read.facts));
  const { hottest } = keeper;
  if (hottest === undefined)
    throw new PortolanError(
      'PTL_CANNOT_MEASURE',
      `Cannot plan: no node in ${files.paths.join(', ')}, wanted one at least`,
    );
  const { facts, diagnosis } = hottest;
  const question = { goal, whatIfs, facts, choice };
  if ('facts' in read) return planForDiagnosis(diagnosis, question);
  const { portSpace } = chooseSpace(diagnosis, choice);
  const cluster = placementOf(loads, { to: portSpace, several: read.several });
  return planForDiagnosis(diagnosis, { ...question, cluster });
}

function placementOf(
  loads: readonly NodeLoad[],
  { to, several: { cluster } }: { readonly to: Parameters<typeof clusterLoad>[1]; readonly several: SeveralNodes },
): ClusterPlacement {
  const { carriers, hottestShare, pods, workload } = clusterLoad(loads, to);
  const linux = linuxNodes(cluster);
  const read = new Set(loads.map(({ node }) => node));
  const named = workload === undefined ? undefined : plannedWorkload(workload);
  return {
    carriers: carriers.length,
    hottestShare,
    nodesRead: loads.length,
    nodesUnread: (linux ?? []).filter(({ name }) => !read.has(name)).length,
    ...(pods === undefined ? {} : { pods }),
    ...(linux === undefined ? {} : { maxNodes: linux.filter(({ isSchedulable }) => isSchedulable !== false).length }),
    ...(named === undefined ? {} : { workload: named }),
  };
}

function linuxNodes(cluster: ClusterFacts | undefined) {
  return cluster?.nodes.seen === true ? cluster.nodes.value.filter(isLinux) : undefined;
}

/** The labels of its selector stand in no bundle. */
function plannedWorkload({ kind, namespace, name }: Workload): PlannedWorkload | undefined {
  return kind === 'Deployment' || kind === 'StatefulSet' ? { kind: kind.toLowerCase(), namespace, name } : undefined;
}
