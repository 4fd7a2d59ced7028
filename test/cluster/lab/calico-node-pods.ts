// The DaemonSet calico-node and its pods, as Calico's manifests and its operator make them.
import type { ApiAccess } from '../api-access.ts';
import { expectAnswer, textAt } from '../api-request.ts';
import { makePod, type PodWish } from './lab-pods.ts';
import type { OwnerReference } from './lab-workloads.ts';

/** A container variable of the DaemonSet. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

export interface CalicoNodeWish {
  readonly namespace: string;
  readonly env: readonly EnvironmentVariable[];
  readonly version: string;
}

const LABELS = { 'k8s-app': 'calico-node' };
export const CALICO_CONTAINER = 'calico-node';

/**
 * Programs that the image calico/node keeps (node/clean-up-filesystem.sh) and that matter to a reader of its node. There is no
 * ss, netstat, ps, awk, sysctl or curl.
 */
export const CALICO_NODE_PROGRAMS: readonly string[] = [
  ...'arp bash bpftool cat conntrack env grep gzip hostname ip ipset kill kmod ls nft readlink sed'.split(' '),
  ...'sh sleep sort stat tail tc tee timeout uniq'.split(' '),
  ...['iptables', 'ip6tables'].flatMap((family) =>
    ['', '-nft', '-legacy'].flatMap((form) => ['', '-save', '-restore'].map((verb) => family + form + verb)),
  ),
];

export async function makeCalicoDaemonSet(admin: ApiAccess, wish: CalicoNodeWish): Promise<OwnerReference> {
  const body = {
    metadata: { name: 'calico-node', labels: LABELS },
    spec: { selector: { matchLabels: LABELS }, template: { metadata: { labels: LABELS }, spec: calicoNodeSpec(wish) } },
  };
  const path = `/apis/apps/v1/namespaces/${wish.namespace}/daemonsets`;
  const uid = textAt(await expectAnswer(admin, { method: 'POST', path, body }, 201), 'metadata', 'uid');
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'calico-node', uid, controller: true };
}

export interface CalicoPodWish extends CalicoNodeWish {
  readonly owner: OwnerReference;
  readonly node: PodWish['node'];
}

/** @returns the pod as it was written, for later reports of its state. */
export async function makeCalicoPod(admin: ApiAccess, wish: CalicoPodWish): Promise<PodWish> {
  const { containers, ...spec } = calicoNodeSpec(wish);
  const pod: PodWish = {
    namespace: wish.namespace,
    name: `calico-node-${wish.node.name.replace('node-', 'x7f2')}`,
    labels: { ...LABELS, 'controller-revision-hash': '6d9f8b7c54', 'pod-template-generation': '1' },
    owner: wish.owner,
    node: wish.node,
    containers,
    spec,
  };
  await makePod(admin, pod);
  return pod;
}

function calicoNodeSpec({ env, version }: CalicoNodeWish) {
  const nodeName = { name: 'NODENAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } };
  const datastore = { name: 'DATASTORE_TYPE', value: 'kubernetes' };
  const felix = {
    name: CALICO_CONTAINER,
    image: `quay.io/calico/node:${version}`,
    env: [datastore, nodeName, ...env],
    securityContext: { privileged: true },
  };
  return { hostNetwork: true, containers: [felix] };
}
