// One node of a cluster in full: its facts, as a look at the node itself would give them, with its pods known.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { ClusterOptions, WantedNode } from './cluster-options.ts';
import { type OpenCluster, withCluster } from './open-cluster.ts';
import { surveyCluster } from './survey-cluster.ts';

/** Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE, PTL_CANNOT_MEASURE when the node cannot be read. */
export function observeClusterNode(options: ClusterOptions & WantedNode): Promise<NodeFacts> {
  return withCluster(options, (cluster) => readOneNode(cluster, options));
}

async function readOneNode(cluster: OpenCluster, options: ClusterOptions & WantedNode): Promise<NodeFacts> {
  const name = 'node' in options ? options.node : nodeWithAddress(cluster, options.address);
  const nodes = cluster.nodes.filter(({ node }) => node === name);
  const { outcomes } = await surveyCluster({ ...cluster, nodes }, { options, visit: (facts) => facts });
  const [outcome] = outcomes;
  if (outcome?.read === true) return { ...outcome.value, gaps: [...outcome.value.gaps, ...cluster.facts.gaps] };
  throw notReadable(name, outcome);
}

/** By what the API server says of the nodes, their tunnels' addresses among Calico's annotations included. */
function nodeWithAddress({ facts, range }: OpenCluster, address: string): string {
  const nodes = facts.nodes.seen ? facts.nodes.value : [];
  const found = nodes.find(
    ({ addresses, annotations }) =>
      addresses.some((each) => canonical(each.address) === address) ||
      Object.values(annotations).some((value) => canonical(value.split('/')[0] ?? '') === address),
  );
  if (found !== undefined) return found.name;
  const why = facts.nodes.seen ? `${nodes.length} nodes, none with that address` : facts.nodes.why;
  throw new PortolanError(
    'PTL_NO_SUCH_NODE',
    `Cannot find the node of ${address} in ${range.cluster}: ${why}, wanted an address of a node`,
    { hint: 'an address that a node leaves with and does not have: name the node with --node' },
  );
}

function canonical(text: string): string {
  const bytes = parseAddress(text);
  return bytes === undefined ? text : formatAddress(bytes);
}

function notReadable(
  name: string,
  outcome: { readonly why?: string; readonly remedy?: string } | undefined,
): PortolanError {
  const { why = 'no way to it', remedy } = outcome ?? {};
  const message = `Cannot read node ${name}: ${why}, wanted a pod there to look through`;
  return new PortolanError('PTL_CANNOT_MEASURE', message, remedy === undefined ? {} : { hint: remedy });
}
