// Keeps of a DaemonSet what says which network runs on the nodes; of all others nothing.
import { type JsonObject, listOf, numberOf, objectOf, textOf } from './parse-object.ts';
import { type CalicoEnvironment, parseCalicoEnvironment } from './parse-calico-environment.ts';

export type NetworkName = 'calico' | 'cilium' | 'ovn-kubernetes' | 'other';

export interface NetworkDaemonSet {
  /** `calico-system/calico-node`. */
  readonly place: string;
  readonly network: NetworkName;
  /** Of calico-node only. */
  readonly environment?: CalicoEnvironment;
  /** Pods that do not run this template yet. */
  readonly outdatedPods: number;
}

/** DaemonSets by the name that their projects give them. */
const NETWORKS: ReadonlyMap<string, NetworkName> = new Map([
  ['cilium', 'cilium'],
  ['ovnkube-node', 'ovn-kubernetes'],
  ['kube-flannel-ds', 'other'],
  ['kube-flannel', 'other'],
  ['aws-node', 'other'],
  ['azure-ip-masq-agent', 'other'],
  ['ip-masq-agent', 'other'],
  ['antrea-agent', 'other'],
  ['kindnet', 'other'],
  ['kube-router', 'other'],
]);

/** Undefined for a DaemonSet that is no network. */
export function parseNetworkDaemonSet(object: unknown): NetworkDaemonSet | undefined {
  const metadata = objectOf(objectOf(object)['metadata']);
  const name = textOf(metadata['name']) ?? '';
  const namespace = textOf(metadata['namespace']) ?? '';
  const container = calicoContainer(objectOf(object), metadata);
  const network = container === undefined ? NETWORKS.get(name) : 'calico';
  if (network === undefined) return undefined;
  return {
    place: `${namespace}/${name}`,
    network,
    ...(container === undefined ? {} : { environment: parseCalicoEnvironment(container, namespace) }),
    outdatedPods: outdatedPods(objectOf(objectOf(object)['status'])),
  };
}

/** By label or name: both are Calico's own; the one for Windows has other ones. */
function calicoContainer(object: JsonObject, metadata: JsonObject): JsonObject | undefined {
  const isNamed = metadata['name'] === 'calico-node' || objectOf(metadata['labels'])['k8s-app'] === 'calico-node';
  if (!isNamed) return undefined;
  const template = objectOf(objectOf(object['spec'])['template']);
  return listOf(objectOf(template['spec'])['containers'])
    .map(objectOf)
    .find(({ name }) => name === 'calico-node');
}

function outdatedPods(status: JsonObject): number {
  const desired = numberOf(status['desiredNumberScheduled']) ?? 0;
  return Math.max(0, desired - (numberOf(status['updatedNumberScheduled']) ?? desired));
}
