// Pods and what keeps them running, as JSON.
import type { HostPort, Pod } from '../../core/model/pod.ts';
import type { Workload } from '../../core/model/workload.ts';
import { listOf, objectLike, optional, yesOrNo } from '../parse-shape.ts';
import { address, plain, port, protocol } from './plain-readers.ts';

export const workload = objectLike<Workload>({ kind: plain, namespace: plain, name: plain });

export const pod = objectLike<Pod>({
  namespace: plain,
  name: plain,
  node: plain,
  addresses: listOf(address),
  isHostNetwork: yesOrNo,
  hostPorts: listOf(objectLike<HostPort>({ protocol, port, address: optional(plain) })),
  workload,
  startedAt: optional(plain),
});
