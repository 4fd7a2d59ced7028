// Which node of a cluster has an address: by what the API server says of the nodes, their tunnels' addresses among Calico's
// annotations included.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import type { ClusterNode } from '../../core/model/cluster-node.ts';

/** Its name. `address`: canonical text; `cluster`: what it is called in a message. Errors: PTL_NO_SUCH_NODE. */
export function nodeWithAddress(
  nodes: Seen<readonly ClusterNode[]>,
  { address, cluster }: { readonly address: string; readonly cluster: string },
): string {
  const known = nodes.seen ? nodes.value : [];
  const found = known.find(
    ({ addresses, annotations }) =>
      addresses.some((each) => canonical(each.address) === address) ||
      Object.values(annotations).some((value) => canonical(value.split('/')[0] ?? '') === address),
  );
  if (found !== undefined) return found.name;
  const why = nodes.seen ? `${known.length} nodes, none with that address` : nodes.why;
  throw new PortolanError(
    'PTL_NO_SUCH_NODE',
    `Cannot find the node of ${address} in ${cluster}: ${why}, wanted an address of a node`,
    { hint: 'an address that a node leaves with and does not have: name the node with --node' },
  );
}

function canonical(text: string): string {
  const bytes = parseAddress(text);
  return bytes === undefined ? text : formatAddress(bytes);
}
