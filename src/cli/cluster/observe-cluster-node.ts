// One node of a cluster in full: its facts, as a look at the node itself would give them, with its pods known.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { type OpenCluster, withCluster } from './open-cluster.ts';
import { surveyCluster } from './survey-cluster.ts';

/** Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE, PTL_CANNOT_MEASURE when the node cannot be read. */
export function observeClusterNode(options: ClusterOptions & { readonly node: string }): Promise<NodeFacts> {
  return withCluster(options, (cluster) => readOneNode(cluster, options));
}

/** Errors: PTL_CANNOT_MEASURE when the node cannot be read. */
async function readOneNode(
  cluster: OpenCluster,
  options: ClusterOptions & { readonly node: string },
): Promise<NodeFacts> {
  const { outcomes } = await surveyCluster(cluster, { options, visit: (facts) => facts });
  const outcome = outcomes.find(({ node }) => node === options.node);
  if (outcome?.read === true) return { ...outcome.value, gaps: [...outcome.value.gaps, ...cluster.facts.gaps] };
  const why = outcome?.why ?? 'no way to it';
  const hint = outcome?.remedy;
  throw new PortolanError(
    'PTL_CANNOT_MEASURE',
    `Cannot read node ${options.node}: ${why}, wanted a pod there to look through`,
    hint === undefined ? {} : { hint },
  );
}
