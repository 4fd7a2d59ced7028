// Pods and what owns them, as controllers, the scheduler and kubelets would write them: none of those runs in a test cluster.
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer } from './api-request.ts';
import { LAB_LABEL } from './lab/lab-namespaces.ts';

const STATUS_PATCH = 'application/merge-patch+json';

export interface Controlled {
  readonly kind: string;
  readonly name: string;
  readonly apiVersion?: string;
}

export interface PodWish {
  readonly namespace: string;
  readonly name: string;
  readonly node?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: Controlled;
  /** Further fields of the spec. */
  readonly spec?: object;
  readonly containers?: readonly object[];
  readonly status?: object;
}

export async function makePod(admin: ApiAccess, wish: PodWish): Promise<void> {
  const { namespace, name, labels, annotations, owner, node, containers = [{ name: 'main', image: 'none' }] } = wish;
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const ownerReferences = owner === undefined ? [] : [referenceTo(owner)];
  const body = {
    metadata: { name, labels, annotations, ownerReferences },
    spec: {
      containers,
      terminationGracePeriodSeconds: 0,
      ...(node === undefined ? {} : { nodeName: node }),
      ...wish.spec,
    },
  };
  await expectAnswer(admin, { method: 'POST', path, body }, 201);
  const status = { phase: 'Running', ...wish.status };
  await patchStatus(admin, `${path}/${name}`, status);
}

export async function makeReplicaSet(
  admin: ApiAccess,
  wish: { namespace: string; name: string; owner?: Controlled },
): Promise<void> {
  const { namespace, name, owner } = wish;
  const ownerReferences = owner === undefined ? [] : [referenceTo(owner)];
  const body = { metadata: { name, ownerReferences }, spec: podSet(name) };
  await expectAnswer(admin, { method: 'POST', path: `/apis/apps/v1/namespaces/${namespace}/replicasets`, body }, 201);
}

export async function makeJob(
  admin: ApiAccess,
  wish: { namespace: string; name: string; owner: Controlled },
): Promise<void> {
  const { namespace, name, owner } = wish;
  const { template } = podSet(name);
  const spec = { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } };
  const body = { metadata: { name, ownerReferences: [referenceTo(owner)] }, spec };
  await expectAnswer(admin, { method: 'POST', path: `/apis/batch/v1/namespaces/${namespace}/jobs`, body }, 201);
}

/** What a selector, a template and some replicas look like, of a Deployment, ReplicaSet or StatefulSet. */
export function podSet(app: string, replicas = 1) {
  const labels = { app };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'none' }] } };
  return { replicas, selector: { matchLabels: labels }, template };
}

export async function patchStatus(admin: ApiAccess, path: string, status: object): Promise<void> {
  const patch = { method: 'PATCH', path: `${path}/status`, body: { status }, contentType: STATUS_PATCH } as const;
  await expectAnswer(admin, patch, 200);
}

/** Pods on a node wait for a kubelet that is not there unless forced. */
export async function removePods(admin: ApiAccess, namespace: string): Promise<void> {
  await apiRequest(admin, { method: 'DELETE', path: `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=0` });
}

/** Marked as of a lab, so that the next lab, which makes it too, takes it away first. */
export async function ensureNamespace(admin: ApiAccess, name: string): Promise<void> {
  const body = { metadata: { name, labels: LAB_LABEL } };
  await expectAnswer(admin, { method: 'POST', path: '/api/v1/namespaces', body }, 201, 409);
}

/** The API server wants an identifier; nobody looks it up. */
function referenceTo({ kind, name, apiVersion = 'apps/v1' }: Controlled): object {
  return {
    apiVersion,
    kind,
    name,
    controller: true,
    uid: `00000000-0000-4000-8000-${name.length.toString().padStart(12, '0')}`,
  };
}
