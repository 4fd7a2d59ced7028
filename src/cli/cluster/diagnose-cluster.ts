// From a kubeconfig to the verdicts of a cluster's nodes: each is read, judged and dropped before the next one.
import { ClaimTally } from '../../core/analysis/claim-tally.ts';
import { type ClusterDiagnosis, diagnoseCluster, type NodeAnswer } from '../../core/analysis/cluster-diagnosis.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import { limitToPods } from '../../core/analysis/limit-to-pods.ts';
import { type NodeSummary, summariseNode } from '../../core/analysis/node-summary.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { NodeOutcome } from '../../observe/remote/survey-nodes.ts';
import { selectChecks } from '../../present/diagnosis-selection.ts';
import type { ClusterDiagnoseOptions } from './cluster-options.ts';
import { type OpenCluster, withCluster } from './open-cluster.ts';
import { surveyCluster } from './survey-cluster.ts';

/** Errors: PTL_KUBECONFIG, PTL_API_*. */
export function diagnoseWholeCluster(options: ClusterDiagnoseOptions): Promise<ClusterDiagnosis> {
  return withCluster(options, async (cluster) => {
    const tally = new ClaimTally();
    const addresses = chosenAddresses(cluster);
    const visit = (facts: NodeFacts): NodeSummary => {
      const whole = diagnose(facts);
      const wanted = addresses === undefined ? whole : limitToPods(whole, { flows: facts.flows, addresses });
      tally.add(whole.claims);
      return summariseNode(selectChecks(wanted, options.checks));
    };
    const { outcomes, leftOut } = await surveyCluster(cluster, { options, visit });
    const { range, facts } = cluster;
    return diagnoseCluster({
      range,
      at: facts.at,
      nodes: answersOf(outcomes, cluster),
      claims: tally.claims(),
      leftOut,
      ...limitOf(options),
      gaps: [...facts.gaps, ...hostPodGaps(cluster)],
    });
  });
}

function answersOf(outcomes: readonly NodeOutcome<NodeSummary>[], { range }: OpenCluster): NodeAnswer[] {
  const configured = new Map(range.nodes.map((node) => [node.node, node]));
  return outcomes.map((outcome) => {
    const chain = configured.get(outcome.node);
    const common = { node: outcome.node, ...(chain === undefined ? {} : { configured: chain }) };
    if (outcome.read) return { ...common, summary: outcome.value };
    const { why, remedy } = outcome;
    return { ...common, why, ...(remedy === undefined ? {} : { remedy }) };
  });
}

/** Pods of the host network have the node's addresses: theirs are not told from those of the node. */
function chosenAddresses({ chosenPods }: OpenCluster): ReadonlySet<string> | undefined {
  if (chosenPods === undefined) return undefined;
  return new Set(chosenPods.filter(({ isHostNetwork }) => !isHostNetwork).flatMap(({ addresses }) => addresses));
}

function hostPodGaps({ chosenPods = [] }: OpenCluster): Gap[] {
  const hostPods = chosenPods.filter(({ isHostNetwork }) => isHostNetwork).length;
  if (hostPods === 0) return [];
  return [
    {
      id: 'pods',
      what: `the flows of ${hostPods} of these pods`,
      why: "they are on the host's network and share the node's addresses",
      weakens: 'which port spaces they have a share in',
    },
  ];
}

function limitOf({ namespace, selector }: ClusterDiagnoseOptions): { readonly limitedTo?: string } {
  const words = [
    ...(namespace === undefined ? [] : [`namespace ${namespace}`]),
    ...(selector === undefined ? [] : [selector]),
  ];
  return words.length === 0 ? {} : { limitedTo: words.join(', ') };
}
