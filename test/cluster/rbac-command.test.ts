// What `portolan rbac` prints, given to a true API server: the account it makes can do what its role says, and nothing more.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readClusterFacts } from '../../src/kube/resources/read-cluster-facts.ts';
import { type ApiAccess, accessAs } from './api-access.ts';
import { apiRequest, type ApiRequest, expectAnswer, textAt, valueAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { calicoPath } from './calico-kinds.ts';
import { calico } from './calicoctl-run.ts';
import { withClient, withKubeconfig } from './kube-client.ts';
import { newNamespace } from './namespaces.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { ensureNamespace, podSet } from './workload-objects.ts';

const FELIX = calicoPath('crd.projectcalico.org', 'FelixConfiguration');
const MERGE = 'application/merge-patch+json';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const { signal } = new AbortController();

const PLURALS: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceaccounts',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** As kubectl apply would: the whole object, in the place of an older one. */
async function apply(admin: ApiAccess, object: unknown): Promise<void> {
  const kind = textAt(object, 'kind');
  const namespace = valueAt(object, 'metadata', 'namespace');
  const root = kind === 'ServiceAccount' ? '/api/v1' : RBAC;
  const path = `${root}${typeof namespace === 'string' ? `/namespaces/${namespace}` : ''}/${PLURALS[kind] ?? kind}`;
  const { status } = await apiRequest(admin, { method: 'POST', path: `${path}?fieldValidation=Strict`, body: object });
  if (status === 201) return;
  const place = `${path}/${textAt(object, 'metadata', 'name')}`;
  // A binding cannot change its role, so it is made anew.
  await expectAnswer(admin, { method: 'DELETE', path: place }, 200);
  await expectAnswer(admin, { method: 'POST', path, body: object }, 201);
}

/** Prints, applies all but what `leftOut` names, and becomes the account. */
async function accountOf(
  admin: ApiAccess,
  words: readonly string[],
  leftOut?: { readonly resource: string },
): Promise<ApiAccess> {
  const namespace = await newNamespace(admin);
  const { code, stdout, stderr } = await calico(['rbac', ...words, '-n', namespace]);
  expect([code, stderr]).toEqual([0, '']);
  const objects = parseAllDocuments(stdout).map((document): unknown => document.toJS());
  for (const object of objects) await apply(admin, without(object, leftOut?.resource));
  const name = `portolan-${words[0] ?? ''}`;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const body = { spec: { expirationSeconds: 3600 } };
  const token = textAt(await expectAnswer(admin, { method: 'POST', path, body }, 201), 'status', 'token');
  return accessAs(admin, { token });
}

/** The same role without the rules for one resource. */
function without(object: unknown, resource: string | undefined): unknown {
  const rules = valueAt(object, 'rules');
  if (resource === undefined || !Array.isArray(rules) || typeof object !== 'object') return object;
  const kept = rules.filter((rule: unknown) => !JSON.stringify(valueAt(rule, 'resources')).includes(`"${resource}"`));
  return { ...object, rules: kept };
}

describeCluster('portolan rbac', () => {
  const admin = (): ApiAccess => sharedCluster().admin;

  beforeAll(async () => {
    await setCalico(admin(), { 'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'] });
    await removeNodes(admin());
    await removeDaemonSets(admin());
    await ensureNamespace(admin(), 'calico-system');
    await makeNodes(admin(), ['worker-1']);
    await makeCalicoNode(admin(), []);
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { kind: 'IPPool', name: 'pods', spec: { cidr: '172.30.0.0/16', natOutgoing: true } });
    await makeCalico(admin(), { kind: 'ClusterInformation', spec: { calicoVersion: 'v3.31.0' } });
  });
  afterAll(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
  });

  function rangeAs(access: ApiAccess, ...words: readonly string[]): ReturnType<typeof calico> {
    return withKubeconfig(access, (KUBECONFIG) => calico(['range', ...words], { KUBECONFIG }));
  }

  async function statusOf(access: ApiAccess, request: ApiRequest): Promise<number> {
    return (await apiRequest(access, request)).status;
  }

  it('makes a reader who sees all that the administrator sees', async () => {
    const reader = await accountOf(admin(), ['reader']);
    expect(await rangeAs(reader, '-o', 'json')).toEqual(await rangeAs(admin(), '-o', 'json'));
    const facts = (access: ApiAccess) =>
      withClient(access, (client) => readClusterFacts(client, { at: '2026-01-02T03:04:05Z', signal }));
    expect(await facts(reader)).toEqual(await facts(admin()));
  });

  it('makes a reader who may change nothing, run nothing and read no secrets', async () => {
    const reader = await accountOf(admin(), ['reader']);
    const body = { spec: { natPortRange: '1024:65535' } };
    const writes: readonly ApiRequest[] = [
      { method: 'PATCH', path: `${FELIX}/default`, body, contentType: MERGE },
      { method: 'DELETE', path: `${FELIX}/default` },
      { method: 'POST', path: FELIX, body },
      { method: 'POST', path: '/api/v1/namespaces/default/configmaps', body: {} },
      { method: 'POST', path: '/api/v1/namespaces/default/services', body: {} },
      { method: 'DELETE', path: '/api/v1/nodes/worker-1' },
      { path: '/api/v1/namespaces/default/secrets' },
      { path: '/api/v1/namespaces/default/configmaps' },
      { path: '/api/v1/namespaces/calico-system/pods/any/exec?command=id' },
    ];
    for (const write of writes) expect([write, await statusOf(reader, write)]).toEqual([write, 403]);
    const patched = await withKubeconfig(reader, (KUBECONFIG) =>
      calico(['patch', 'felixconfiguration', 'default', '--patch', JSON.stringify(body)], { KUBECONFIG }),
    );
    expect(patched.code).toBe(1);
    expect(await expectAnswer(admin(), { path: `${FELIX}/default` }, 200)).toMatchObject({
      spec: { natPortRange: '32768:65535' },
    });
  });

  it.each(['nodes', 'daemonsets', 'services', 'felixconfigurations', 'ippools'])(
    'has no rule too many: without that for %s, it is named as missing',
    async (resource) => {
      const access = await accountOf(admin(), ['reader'], { resource });
      const { stdout } = await rangeAs(access, '--explain');
      expect(stdout).toContain(`forbidden: list ${resource}`);
    },
  );

  it('lets a reader run commands on nodes, and ask for NodePorts, only where that was asked for', async () => {
    const exec = { path: '/api/v1/namespaces/calico-system/pods/any/exec?command=id' };
    const reader = await accountOf(admin(), ['reader', '--exec', '--ask-node-ports']);
    // Allowed, and then there is no such pod.
    expect(await statusOf(reader, exec)).toBe(404);
    expect(await statusOf(reader, { path: '/api/v1/namespaces/default/pods/any/exec?command=id' })).toBe(403);
    expect(await rangeAs(reader, '--ask-node-ports', '-o', 'json')).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('forbidden'),
    });
  });

  it('makes a fixer who may change ranges and keep a journal, and patch workloads only where that was asked for', async () => {
    const fixer = await accountOf(admin(), ['fixer']);
    const body = { spec: { natPortRange: '24000:65535' } };
    const patched = await withKubeconfig(fixer, (KUBECONFIG) =>
      calico(['patch', 'felixconfiguration', 'default', '--patch', JSON.stringify(body)], { KUBECONFIG }),
    );
    expect(patched.code).toBe(0);
    const object = {
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'FelixConfiguration',
      metadata: { name: 'node.worker-1' },
      ...body,
    };
    const made = await expectAnswer(fixer, { method: 'POST', path: FELIX, body: object }, 201);
    await expectAnswer(fixer, { method: 'PUT', path: `${FELIX}/node.worker-1`, body: made }, 200);
    await expectAnswer(fixer, { method: 'DELETE', path: `${FELIX}/node.worker-1` }, 200);
    expect((await rangeAs(fixer, '-o', 'json')).code).toBe(0);
    // Allowed, and then there is no such Deployment.
    const metadata = { name: 'none', namespace: 'default', resourceVersion: '1' };
    const absent = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: podSet('none') };
    const workload = {
      method: 'PUT',
      path: '/apis/apps/v1/namespaces/default/deployments/none',
      body: absent,
    } as const;
    expect(await statusOf(fixer, workload)).toBe(403);
    expect(await statusOf(fixer, { method: 'POST', path: '/api/v1/namespaces/default/configmaps', body: {} })).toBe(
      403,
    );
    const spreader = await accountOf(admin(), ['fixer', '--spread']);
    expect([404, 409]).toContain(await statusOf(spreader, workload));
  });

  it('lets a fixer keep a journal in the namespace of its account alone', async () => {
    const namespace = await newNamespace(admin());
    const { stdout } = await calico(['rbac', 'fixer', '-n', namespace]);
    for (const document of parseAllDocuments(stdout)) await apply(admin(), document.toJS());
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/portolan-fixer/token`;
    const answer = await expectAnswer(admin(), { method: 'POST', path, body: { spec: {} } }, 201);
    const fixer = accessAs(admin(), { token: textAt(answer, 'status', 'token') });
    const journal = `/api/v1/namespaces/${namespace}/configmaps`;
    const made = await expectAnswer(
      fixer,
      { method: 'POST', path: journal, body: { metadata: { name: 'journal' } } },
      201,
    );
    await expectAnswer(fixer, { method: 'PUT', path: `${journal}/journal`, body: made }, 200);
    // What was done stays written down.
    expect(await statusOf(fixer, { method: 'DELETE', path: `${journal}/journal` })).toBe(403);
  });

  it('prints JSON that says the same', async () => {
    const yaml = parseAllDocuments((await calico(['rbac', 'fixer', '--exec', '--spread'])).stdout);
    const json: unknown = JSON.parse((await calico(['rbac', 'fixer', '--exec', '--spread', '-o', 'json'])).stdout);
    expect(valueAt(json, 'items')).toEqual(yaml.map((document): unknown => document.toJS()));
  });

  it('asks agents in the namespace that they run in', async () => {
    const roles = async (...words: readonly string[]) => {
      const { stdout } = await calico(['rbac', 'reader', '--agents', ...words, '-o', 'json']);
      const items = valueAt(JSON.parse(stdout), 'items');
      return (Array.isArray(items) ? items : []).flatMap((item: unknown) =>
        valueAt(item, 'kind') === 'Role' ? [valueAt(item, 'metadata', 'namespace')] : [],
      );
    };
    expect(await roles()).toEqual(['portolan']);
    expect(await roles('--agent-namespace', 'watchers', '-n', 'people')).toEqual(['watchers']);
  });

  it.each([
    [['rbac'], 'Cannot read ROLE: nothing given, wanted reader, fixer or agent'],
    [['rbac', 'admin'], 'Cannot read ROLE: admin, wanted reader, fixer or agent'],
    [['rbac', 'reader', '-n', 'Not_A_Name'], 'wanted the name of a namespace'],
  ])('refuses %j', async (words, message) => {
    const { code, stdout, stderr } = await calico(words);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});
