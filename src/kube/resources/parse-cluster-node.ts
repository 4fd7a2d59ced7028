// Keeps of a Node object what matters here; its image list alone is larger than all of that.
import type { JsonShape } from '../access/parse-shaped.ts';
import { type JsonObject, listOf, objectOf, textOf, textsOf } from '../access/parse-object.ts';
import type { ClusterNode, NodeAddress } from '../../core/model/cluster-node.ts';

const CALICO_PREFIX = 'projectcalico.org/';
const KEEPS_OUT: ReadonlySet<string> = new Set(['NoSchedule', 'NoExecute']);

/** What of a Node is looked at. */
export const NODE_SHAPE: JsonShape = {
  metadata: { name: true, labels: true, annotations: true },
  spec: { taints: true, unschedulable: true },
  status: { conditions: true, addresses: true, nodeInfo: { operatingSystem: true } },
};

/** Undefined for an object without a name. */
export function parseClusterNode(object: unknown): ClusterNode | undefined {
  const metadata = objectOf(objectOf(object)['metadata']);
  const status = objectOf(objectOf(object)['status']);
  const name = textOf(metadata['name']);
  if (name === undefined) return undefined;
  const labels = textsOf(metadata['labels']);
  return {
    name,
    labels,
    annotations: calicoOnly(textsOf(metadata['annotations'])),
    addresses: listOf(status['addresses']).flatMap(parseAddress),
    operatingSystem: operatingSystemOf(status, labels),
    ...readinessOf(status),
    isSchedulable: isSchedulable(objectOf(objectOf(object)['spec'])),
  };
}

/** `Unknown` when the kubelet has not been heard of for long: not ready. */
function readinessOf(status: JsonObject): { readonly isReady?: boolean } {
  const ready = listOf(status['conditions'])
    .map(objectOf)
    .find(({ type }) => type === 'Ready');
  return ready === undefined ? {} : { isReady: ready['status'] === 'True' };
}

function isSchedulable(spec: JsonObject): boolean {
  const keepsOut = listOf(spec['taints']).some((taint) => KEEPS_OUT.has(textOf(objectOf(taint)['effect']) ?? ''));
  return spec['unschedulable'] !== true && !keepsOut;
}

/** The kubelet reports it; until it has, the API holds an empty text. */
function operatingSystemOf(status: JsonObject, labels: Readonly<Record<string, string>>): string {
  const reported = textOf(objectOf(status['nodeInfo'])['operatingSystem']) ?? '';
  return reported === '' ? (labels['kubernetes.io/os'] ?? 'linux') : reported;
}

function calicoOnly(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith(CALICO_PREFIX)));
}

function parseAddress(value: unknown): NodeAddress[] {
  const { type, address } = objectOf(value);
  return typeof type === 'string' && typeof address === 'string' ? [{ type, address }] : [];
}
