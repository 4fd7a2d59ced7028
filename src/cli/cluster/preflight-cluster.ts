// Reads a cluster and asks of each node whether its load would fit another range.
import {
  fitOf,
  moveOf,
  type NodeFit,
  type NodePreflight,
  type Preflight,
  preflight,
} from '../../core/advice/preflight.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import { lowestStart } from '../../core/analysis/lowest-start.ts';
import { vxlanPortOf } from '../../core/analysis/vxlan-port.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { MAX_PORT, type PortRange } from '../../core/model/port-range.ts';
import type { NodeOutcome } from '../../observe/remote/survey-nodes.ts';
import type { ClusterPreflightOptions } from './cluster-options.ts';
import { type OpenCluster, withCluster } from './open-cluster.ts';
import { surveyCluster } from './survey-cluster.ts';

/** Errors: PTL_KUBECONFIG, PTL_API_*. */
export function preflightCluster(options: ClusterPreflightOptions): Promise<Preflight> {
  const { to, kind, goal } = options;
  return withCluster(options, async (cluster) => {
    const visit = (facts: NodeFacts): NodeFit => fitOf(facts, { diagnosis: diagnose(facts), to, goal });
    const { outcomes } = await surveyCluster(cluster, { options, visit });
    const { range, facts } = cluster;
    return preflight({
      cluster: range.cluster,
      at: facts.at,
      to,
      kind,
      goal,
      nodes: outcomes.map((outcome) => nodePreflight(outcome, cluster, options)),
      widest: widestRange(cluster),
      gaps: [...range.gaps.filter(({ id }) => id !== 'node-port-range'), ...facts.gaps],
    });
  });
}

function nodePreflight(
  outcome: NodeOutcome<NodeFit>,
  { range }: OpenCluster,
  { kind }: ClusterPreflightOptions,
): NodePreflight {
  const configured = range.nodes.find(({ node }) => node === outcome.node);
  const common = {
    node: outcome.node,
    move: moveOf(configured, kind),
    ...(configured === undefined ? {} : { configured }),
  };
  if (outcome.read) return { ...common, fit: outcome.value };
  const { why, remedy } = outcome;
  return { ...common, why, ...(remedy === undefined ? {} : { remedy }) };
}

/** From the lowest start that loses no reply: above the VXLAN port while VXLAN is on, or may be. */
function widestRange({ sources }: OpenCluster): PortRange {
  const port = vxlanPortOf(sources);
  const vxlan = port.seen ? { vxlan: port.value !== undefined } : {};
  return { first: lowestStart({ claims: [], ...vxlan }), last: MAX_PORT };
}
