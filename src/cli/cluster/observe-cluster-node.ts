// One node of a cluster in full: its facts, as a look at the node itself would give them, with its pods known.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { ClusterOptions, WantedNode } from './cluster-options.ts';
import { nodeWithAddress } from './node-with-address.ts';
import { type OpenCluster, withCluster } from './open-cluster.ts';
import { surveyCluster } from './survey-cluster.ts';

/** Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE, PTL_CANNOT_MEASURE when the node cannot be read. */
export function observeClusterNode(options: ClusterOptions & WantedNode): Promise<NodeFacts> {
  return withCluster(options, (cluster) => readOneNode(cluster, options));
}

async function readOneNode(cluster: OpenCluster, options: ClusterOptions & WantedNode): Promise<NodeFacts> {
  const name =
    'node' in options
      ? options.node
      : nodeWithAddress(cluster.facts.nodes, { address: options.address, cluster: cluster.range.cluster });
  const nodes = cluster.nodes.filter(({ node }) => node === name);
  const { outcomes } = await surveyCluster({ ...cluster, nodes }, { options, visit: (facts) => facts });
  const [outcome] = outcomes;
  if (outcome?.read === true) return { ...outcome.value, gaps: [...outcome.value.gaps, ...cluster.facts.gaps] };
  throw notReadable(name, outcome);
}

function notReadable(
  name: string,
  outcome: { readonly why?: string; readonly remedy?: string } | undefined,
): PortolanError {
  const { why = 'no way to it', remedy } = outcome ?? {};
  const message = `Cannot read node ${name}: ${why}, wanted a pod there to look through`;
  return new PortolanError('PTL_CANNOT_MEASURE', message, remedy === undefined ? {} : { hint: remedy });
}
