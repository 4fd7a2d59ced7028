// Objects that decide SNAT ranges, written to a test cluster: nodes, FelixConfigurations, pools, the DaemonSet calico-node.
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer, valueAt } from './api-request.ts';
import { withClient } from './kube-client.ts';
import { type CalicoGroup, type CalicoKind, calicoPath } from './calico-kinds.ts';

const DAEMON_SETS = '/apis/apps/v1/namespaces/kube-system/daemonsets';

/** Over the connections of one client: a handshake for each of thousands would take longer than all else. */
export function makeNodes(
  admin: ApiAccess,
  names: readonly string[],
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { signal } = new AbortController();
  return withClient(admin, async (client) => {
    const make = async (name: string): Promise<void> => {
      const body = { metadata: { name, labels: { 'kubernetes.io/os': 'linux', ...labels } } };
      const { status } = await client.send({ path: '/api/v1/nodes', body }, signal);
      if (status !== 201) throw new Error(`node ${name}: status ${status}`);
    };
    for (let index = 0; index < names.length; index += 50) await Promise.all(names.slice(index, index + 50).map(make));
  });
}

export async function removeNodes(admin: ApiAccess): Promise<void> {
  await expectAnswer(admin, { method: 'DELETE', path: '/api/v1/nodes' }, 200);
}

export interface CalicoObject {
  readonly group?: CalicoGroup;
  readonly kind?: CalicoKind;
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A FelixConfiguration `default` of the usual group unless it says otherwise. */
export async function makeCalico(admin: ApiAccess, object: CalicoObject): Promise<void> {
  const {
    group = 'crd.projectcalico.org',
    kind = 'FelixConfiguration',
    name = 'default',
    annotations = {},
    spec,
  } = object;
  const apiVersion = `${group}/${group === 'projectcalico.org' ? 'v3' : 'v1'}`;
  const body = { apiVersion, kind, metadata: { name, annotations }, spec };
  await expectAnswer(admin, { method: 'POST', path: calicoPath(group, kind), body }, 201);
}

/** The DaemonSet calico-node with these variables; no controller runs, so no pod comes of it. */
export async function makeCalicoNode(admin: ApiAccess, env: readonly object[], container: object = {}): Promise<void> {
  const labels = { 'k8s-app': 'calico-node' };
  const spec = { containers: [{ name: 'calico-node', image: 'calico/node', env, ...container }] };
  const template = { metadata: { labels }, spec };
  const body = {
    metadata: { name: 'calico-node', labels },
    spec: { selector: { matchLabels: labels }, template },
  };
  await expectAnswer(admin, { method: 'POST', path: DAEMON_SETS, body }, 201);
}

export async function removeDaemonSets(admin: ApiAccess): Promise<void> {
  const listed = await expectAnswer(admin, { path: DAEMON_SETS }, 200);
  const items = valueAt(listed, 'items');
  for (const item of Array.isArray(items) ? items : []) {
    const path = `${DAEMON_SETS}/${String(valueAt(item, 'metadata', 'name'))}`;
    // Without a garbage collector an object that waits for its dependants would stay.
    await apiRequest(admin, { method: 'DELETE', path, body: { propagationPolicy: 'Background' } });
  }
}
