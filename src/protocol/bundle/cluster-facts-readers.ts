// What a cluster says, as JSON. A field that ClusterFacts gains does not compile until it is read here.
import type { Seen } from '../../core/model/calico/seen.ts';
import { CLUSTER_FACTS_SCHEMA, type ClusterFacts } from '../../core/model/cluster-facts.ts';
import type { ClusterNode, NodeAddress } from '../../core/model/cluster-node.ts';
import {
  listOf,
  objectLike,
  oneOf,
  optional,
  type Reader,
  textsByName,
  valueThat,
  isObject,
  yesOrNo,
} from '../parse-shape.ts';
import { gap, moment, plain, portClaim } from './plain-readers.ts';
import { pod } from './pod-readers.ts';

const labels = textsByName(plain);

const node = objectLike<ClusterNode>({
  name: plain,
  labels,
  annotations: labels,
  addresses: listOf(objectLike<NodeAddress>({ type: plain, address: plain })),
  operatingSystem: plain,
  isReady: optional(yesOrNo),
  isSchedulable: optional(yesOrNo),
});

const seenFlag = <Value extends boolean>(wanted: Value): Reader<Value> =>
  valueThat<Value>((value) => value === wanted, String(wanted));

function seen<Value>(reader: Reader<Value>): Reader<Seen<Value>> {
  const read = objectLike<Extract<Seen<Value>, { seen: true }>>({ seen: seenFlag(true), value: reader });
  const unread = objectLike<Extract<Seen<Value>, { seen: false }>>({
    seen: seenFlag(false),
    why: plain,
    remedy: optional(plain),
  });
  return {
    read: (value, place): Seen<Value> =>
      isObject(value) && value['seen'] === true ? read.read(value, place) : unread.read(value, place),
  };
}

export const clusterFacts: Reader<ClusterFacts> = objectLike<ClusterFacts>({
  schema: oneOf([CLUSTER_FACTS_SCHEMA]),
  cluster: plain,
  at: moment,
  nodes: seen(listOf(node)),
  pods: seen(listOf(pod)),
  serviceClaims: seen(listOf(portClaim)),
  gaps: listOf(gap),
});
