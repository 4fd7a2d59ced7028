// The namespaces of a lab's objects, and how all of them go again: no controller removes what a namespace held, and none lets a
// deleted namespace go.
import type { ApiAccess } from '../api-access.ts';
import { apiRequest, expectAnswer, textAt, valueAt } from '../api-request.ts';
import { until } from '../until.ts';

/** On everything that a lab writes into namespaces of others, and on its own namespaces. */
export const LAB_LABEL = { 'portolan.dev/lab': 'yes' } as const;

const SELECTOR = `labelSelector=${encodeURIComponent('portolan.dev/lab=yes')}`;
/** Pods last: nothing of this list keeps another from going, but a reader may still look. */
const NAMESPACED = [
  ...['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map((kind) => ({ api: '/apis/apps/v1', kind })),
  ...['cronjobs', 'jobs'].map((kind) => ({ api: '/apis/batch/v1', kind })),
  ...['pods', 'services', 'configmaps', 'secrets', 'events', 'serviceaccounts'].map((kind) => ({
    api: '/api/v1',
    kind,
  })),
  { api: '/apis/coordination.k8s.io/v1', kind: 'leases' },
];

export async function makeNamespaces(admin: ApiAccess, names: Iterable<string>): Promise<void> {
  const wanted = [...new Set(names)].filter((name) => !isBuiltIn(name));
  await Promise.all(
    wanted.map((name) => {
      const body = { metadata: { name, labels: LAB_LABEL } };
      return expectAnswer(admin, { method: 'POST', path: '/api/v1/namespaces', body }, 201);
    }),
  );
}

/** Everything any lab wrote into namespaces, also one whose test did not come to its end. */
export async function removeNamespaced(admin: ApiAccess): Promise<void> {
  const listed = valueAt(await expectAnswer(admin, { path: `/api/v1/namespaces?${SELECTOR}` }, 200), 'items');
  const names = (Array.isArray(listed) ? listed : []).map((item: unknown) => textAt(item, 'metadata', 'name'));
  await Promise.all(names.map((name) => removeNamespace(admin, name)));
  await removeAll(admin, `/api/v1/namespaces/kube-system/pods?${SELECTOR}`);
}

async function removeNamespace(admin: ApiAccess, name: string): Promise<void> {
  await Promise.all(NAMESPACED.map(({ api, kind }) => removeAll(admin, `${api}/namespaces/${name}/${kind}`)));
  const path = `/api/v1/namespaces/${name}`;
  await expectAnswer(admin, { method: 'DELETE', path }, 200, 404);
  // What the namespace controller does when the namespace is empty.
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: { finalizers: [] } };
  await expectAnswer(admin, { method: 'PUT', path: `${path}/finalize`, body }, 200, 404);
  await until(`namespace ${name} is gone`, async () => (await apiRequest(admin, { path })).status === 404);
}

/** Without a garbage collector nothing waits for its dependants, without a kubelet no pod for its end. */
async function removeAll(admin: ApiAccess, path: string): Promise<void> {
  const body = { gracePeriodSeconds: 0, propagationPolicy: 'Background' };
  await expectAnswer(admin, { method: 'DELETE', path, body }, 200);
}

function isBuiltIn(name: string): boolean {
  return name === 'default' || name.startsWith('kube-');
}
