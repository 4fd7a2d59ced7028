// Keeps of a Pod what matters here, some hundred bytes of several thousand. Its workload is still its nearest owner.
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import type { HostPort, Pod } from '../../core/model/pod.ts';
import { protocolNumber, TCP } from '../../core/model/protocol.ts';
import type { Workload } from '../../core/model/workload.ts';
import type { JsonShape } from '../access/parse-shaped.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../access/parse-object.ts';
import { parseOwner } from './parse-owner.ts';
import type { SharedWorkloads } from './shared-workloads.ts';

const STATIC = 'kubernetes.io/config.mirror';
/** An ended pod has given back its address and its ports. */
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);
const NONE: readonly never[] = [];
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;

const CONTAINER_SHAPE: JsonShape = [{ ports: true }];

/** What of a Pod is looked at. */
export const POD_SHAPE: JsonShape = {
  metadata: { name: true, namespace: true, annotations: { [STATIC]: true }, ownerReferences: true },
  spec: {
    nodeName: true,
    hostNetwork: true,
    containers: CONTAINER_SHAPE,
    initContainers: CONTAINER_SHAPE,
    ephemeralContainers: CONTAINER_SHAPE,
  },
  status: { phase: true, podIP: true, podIPs: true, startTime: true },
};

/** Undefined for a pod that has no node yet, or has ended. */
export function parsePod(object: unknown, shared: SharedWorkloads): Pod | undefined {
  const { metadata, spec, status } = objectOf(object);
  const { name, namespace } = objectOf(metadata);
  const node = textOf(objectOf(spec)['nodeName']) ?? '';
  if (node === '' || ENDED.has(textOf(objectOf(status)['phase']) ?? '')) return undefined;
  if (typeof name !== 'string' || typeof namespace !== 'string') return undefined;
  const place = { namespace: shared.texts.of(namespace), name, node: shared.texts.of(node) };
  const isHostNetwork = objectOf(spec)['hostNetwork'] === true;
  const startedAt = textOf(objectOf(status)['startTime']);
  const pod: Pod = {
    namespace: place.namespace,
    name: place.name,
    node: place.node,
    addresses: addressesOf(objectOf(status)),
    isHostNetwork,
    hostPorts: hostPortsOf(objectOf(spec), isHostNetwork),
    workload: nearestOwner(objectOf(metadata), place, shared),
  };
  return startedAt === undefined ? pod : Object.assign(pod, { startedAt });
}

/** `podIP` alone until Kubernetes 1.16. */
function addressesOf(status: JsonObject): readonly string[] {
  const listed = listOf(status['podIPs']).flatMap((entry) => canonical(objectOf(entry)['ip']));
  return listed.length > 0 ? listed : canonical(status['podIP']);
}

function canonical(text: unknown): readonly string[] {
  if (typeof text !== 'string') return NONE;
  // Nearly all of them, and the kubelet writes them in one spelling.
  if (IPV4.test(text)) return [text];
  const bytes = parseAddress(text);
  return bytes === undefined ? NONE : [formatAddress(bytes)];
}

/** With hostNetwork a port of a container is one of the node, whether hostPort repeats it or not. */
function hostPortsOf(spec: JsonObject, isHostNetwork: boolean): readonly HostPort[] {
  const found: HostPort[] = [];
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    for (const container of listOf(spec[list]))
      for (const port of listOf(objectOf(container)['ports'])) found.push(...hostPortOf(objectOf(port), isHostNetwork));
  return found.length === 0 ? NONE : found;
}

function hostPortOf(entry: JsonObject, isHostNetwork: boolean): readonly HostPort[] {
  const port = numberOf(entry['hostPort']) ?? (isHostNetwork ? numberOf(entry['containerPort']) : undefined) ?? 0;
  if (port === 0) return NONE;
  const [address] = canonical(entry['hostIP']);
  const protocol = protocolNumber((textOf(entry['protocol']) ?? 'TCP').toLowerCase()) ?? TCP;
  return [{ protocol, port, ...(address === undefined || isAny(address) ? {} : { address }) }];
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function nearestOwner(
  metadata: JsonObject,
  { namespace, name, node }: Pick<Pod, 'namespace' | 'name' | 'node'>,
  shared: SharedWorkloads,
): Workload {
  if (objectOf(metadata['annotations'])[STATIC] !== undefined)
    return shared.of('Node', namespace, name.endsWith(`-${node}`) ? name.slice(0, -node.length - 1) : name);
  const owner = parseOwner(metadata);
  // Not shared: there is one pod of that name.
  if (owner === undefined) return { kind: 'Pod', namespace, name };
  return shared.of(owner.kind, namespace, owner.name);
}
