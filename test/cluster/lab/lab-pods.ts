// Pods written as if scheduled and running: no scheduler, kubelet or controller does it here.
import type { ApiAccess } from '../api-access.ts';
import { expectAnswer, textAt } from '../api-request.ts';
import { LAB_LABEL } from './lab-namespaces.ts';
import type { OwnerReference } from './lab-workloads.ts';

export interface PodWish {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: OwnerReference | Omit<OwnerReference, 'controller'>;
  readonly node: { readonly name: string; readonly address: string };
  /** Its own; the node's when it is on the host's network. */
  readonly address?: string;
  readonly containers: readonly { readonly name: string; readonly [field: string]: unknown }[];
  readonly spec?: object;
  /** RFC 3339; long ago when absent. */
  readonly startedAt?: string;
}

export function podPath({ namespace, name }: { namespace: string; name: string }): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

/** Running and ready when the promise resolves. */
export async function makePod(admin: ApiAccess, wish: PodWish): Promise<void> {
  const { namespace, name, labels, annotations, owner, node } = wish;
  const body = {
    metadata: {
      name,
      labels: { ...labels, ...LAB_LABEL },
      annotations,
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec: {
      nodeName: node.name,
      containers: wish.containers.map((container) => ({ image: 'registry.example/main:1', ...container })),
      ...(wish.address === undefined ? { hostNetwork: true } : {}),
      // Made by a DaemonSet or a Deployment, it would be taken off an unreachable node only by a controller.
      tolerations: [{ operator: 'Exists' }],
      ...wish.spec,
    },
  };
  await expectAnswer(admin, { method: 'POST', path: `/api/v1/namespaces/${namespace}/pods`, body }, 201);
  await writePodStatus(admin, wish, { ready: true });
}

/** What a kubelet reports; `restarts` of every container. */
export async function writePodStatus(
  admin: ApiAccess,
  wish: PodWish,
  { ready, restarts = 0 }: { readonly ready: boolean; readonly restarts?: number },
): Promise<void> {
  const address = wish.address ?? wish.node.address;
  const { startedAt = '2024-01-01T00:00:00Z' } = wish;
  const truth = ready ? 'True' : 'False';
  const status = {
    phase: 'Running',
    hostIP: wish.node.address,
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: startedAt,
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Initialized', status: 'True' },
      { type: 'ContainersReady', status: truth },
      { type: 'Ready', status: truth },
    ],
    containerStatuses: wish.containers.map(({ name, image }) => ({
      name,
      image: typeof image === 'string' ? image : 'registry.example/main:1',
      imageID: '',
      containerID: `containerd://${wish.name}-${name}`,
      ready,
      started: true,
      restartCount: restarts,
      state: { running: { startedAt } },
    })),
  };
  const path = `${podPath(wish)}/status`;
  const contentType = 'application/merge-patch+json';
  await expectAnswer(admin, { method: 'PATCH', path, body: { status }, contentType }, 200);
}

/** The mirror of a pod that a kubelet starts from a file: it says so, and its node owns it. */
export async function staticPodMarks(admin: ApiAccess, node: string): Promise<Pick<PodWish, 'annotations' | 'owner'>> {
  const uid = textAt(await expectAnswer(admin, { path: `/api/v1/nodes/${node}` }, 200), 'metadata', 'uid');
  const hash = '9f1c2d3e4b5a69788796a5b4c3d2e1f0';
  return {
    annotations: {
      'kubernetes.io/config.hash': hash,
      'kubernetes.io/config.mirror': hash,
      'kubernetes.io/config.source': 'file',
    },
    owner: { apiVersion: 'v1', kind: 'Node', name: node, uid },
  };
}
