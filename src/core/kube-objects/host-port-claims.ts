// The ports of its node that a pod takes, as claims. Named by the workload: the same on every node that runs it.
import type { Pod } from '../model/pod.ts';
import type { PortClaim } from '../model/port-claim.ts';

export function hostPortClaims({ hostPorts, workload: { kind, namespace, name } }: Pod, source: string): PortClaim[] {
  return hostPorts.map(({ protocol, port, address }) => ({
    kind: 'host-port',
    protocol,
    ports: { first: port, last: port },
    owner: `${kind} ${namespace}/${name}`,
    source,
    ...(address === undefined ? {} : { address }),
  }));
}
