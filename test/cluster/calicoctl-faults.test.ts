// What may go wrong between the reading and the writing, and around both: other writers, missing rights, lost connections,
// settings that lead nowhere, two API groups.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { patchFelixConfiguration } from '../../src/act/patch-felix-configuration.ts';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import type { ApiClient, ApiRequest } from '../../src/kube/access/api-client.ts';
import { openApiClient } from '../../src/kube/access/open-api-client.ts';
import { accessAs, writeKubeconfig } from './api-access.ts';
import { expectAnswer } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { calicoPath } from './calico-kinds.ts';
import { calico, makeFelix, patchRange, rawFelix } from './calicoctl-run.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const USUAL = 'crd.projectcalico.org';
const NEWER = 'projectcalico.org';
const WORLD = { random: () => 0, sleep: () => Promise.resolve() };
const PATCH = ['patch', 'felixconfiguration', 'default', '-p', '{"spec":{"natPortRange":"24000:65535"}}'];
const REQUEST = { name: 'default', patch: PATCH[4] ?? '', isForced: false, dryRun: 'none' } as const;

/** Does something before or after each request of one kind passes. */
class MeddledClient implements ApiClient {
  readonly context = 'test';
  readonly server = 'test';
  readonly #real: ApiClient;
  readonly #meddle: (request: ApiRequest, send: () => ReturnType<ApiClient['send']>) => ReturnType<ApiClient['send']>;

  constructor(
    real: ApiClient,
    meddle: (request: ApiRequest, send: () => ReturnType<ApiClient['send']>) => ReturnType<ApiClient['send']>,
  ) {
    this.#real = real;
    this.#meddle = meddle;
  }

  send(request: ApiRequest, signal: AbortSignal): ReturnType<ApiClient['send']> {
    return this.#meddle(request, () => this.#real.send(request, signal));
  }

  close(): void {
    this.#real.close();
  }
}

async function patchMeddled(meddle: ConstructorParameters<typeof MeddledClient>[1]): Promise<unknown> {
  const real = await openApiClient({ kubeconfig: sharedCluster().kubeconfig, variables: {} }, WORLD);
  const client = new MeddledClient(real, meddle);
  const reader = { client, apiGroup: 'crd.projectcalico.org/v1', signal: new AbortController().signal } as const;
  return patchFelixConfiguration(reader, REQUEST)
    .catch((error: unknown) => error)
    .finally(() => client.close());
}

describeCluster('portolan patch among other writers', () => {
  beforeEach(async () => {
    await setCalico(sharedCluster().admin, { [USUAL]: ['FelixConfiguration'] });
    await makeFelix({ spec: { natPortRange: '32768:65535' } });
  });

  it('lets the one win who wrote in between', async () => {
    const path = `${calicoPath(USUAL, 'FelixConfiguration')}/default`;
    const error = await patchMeddled(async (request, send) => {
      if (request.replaces === true) {
        const other = {
          method: 'PATCH',
          path,
          body: { spec: { vxlanPort: 4790 } },
          contentType: 'application/merge-patch+json',
        } as const;
        await expectAnswer(sharedCluster().admin, other, 200);
      }
      return send();
    });
    expect(error).toMatchObject({
      message: 'hit error: updating existing resource: update conflict: FelixConfiguration(default)',
      hint: expect.stringContaining('run it again'),
    });
    expect((await rawFelix()).spec).toEqual({ natPortRange: '32768:65535', vxlanPort: 4790 });
  });

  it('says that it was removed in between, and does not make it again', async () => {
    const path = `${calicoPath(USUAL, 'FelixConfiguration')}/default`;
    const error = await patchMeddled(async (request, send) => {
      if (request.replaces === true) await expectAnswer(sharedCluster().admin, { method: 'DELETE', path }, 200);
      return send();
    });
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^hit error: updating existing resource: resource does not exist: FelixConfiguration\(default\) with error: /,
      ),
    });
    await expectAnswer(sharedCluster().admin, { path }, 404);
  });

  it('writes once, and says that the end is not known when the connection is lost behind the write', async () => {
    let writes = 0;
    const error = await patchMeddled(async (request, send) => {
      const answer = await send();
      if (request.replaces !== true) return answer;
      writes += 1;
      throw new PortolanError('PTL_API_UNREACHABLE', 'Cannot reach the API server: ECONNRESET, wanted an answer');
    });
    expect(writes).toBe(1);
    expect(error).toMatchObject({
      code: 'PTL_CALICO_OBJECT',
      facts: { code: 'PTL_API_UNREACHABLE' },
      message: expect.stringMatching(/^hit error: updating existing resource: Cannot reach the API server/),
      hint: expect.stringMatching(
        /^whether the change was stored is not known; .*portolan get felixconfiguration default/,
      ),
    });
    expect((await rawFelix()).spec['natPortRange']).toBe('24000:65535');
  });

  it('does not say that nothing was changed where the server could not tell', async () => {
    const error = await patchMeddled(async (request, send) => {
      const answer = await send();
      if (request.replaces !== true) return answer;
      return { status: 500, body: { kind: 'Status', message: 'etcdserver: request timed out' } };
    });
    expect(error).toMatchObject({
      message: 'hit error: updating existing resource: etcdserver: request timed out',
      hint: expect.stringMatching(/^whether the change was stored is not known/),
    });
  });
});

describeCluster('get and patch without rights or without a server', () => {
  const folder = new ScratchFolder('portolan-calicoctl-');
  const kubeconfig = join(folder.path, 'kubeconfig');
  afterAll(() => folder.remove());
  beforeEach(async () => {
    await setCalico(sharedCluster().admin, { [USUAL]: ['FelixConfiguration'] });
    await makeFelix({ spec: { natPortRange: '32768:65535' } });
  });

  it('names the right to write that is missing', async () => {
    const rules = [{ apiGroups: [USUAL], resources: ['felixconfigurations'], verbs: ['get', 'list'] }];
    const user = await newRestrictedUser(sharedCluster().admin, rules);
    writeKubeconfig(kubeconfig, user.access);
    const { code, stdout, stderr } = await calico(PATCH, { KUBECONFIG: kubeconfig });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^hit error: updating existing resource: connection is unauthorized: felixconfigurations\.crd\.projectcalico\.org "default" is forbidden: User "/,
    );
    expect(stderr).toContain(
      'hint: a ClusterRole with the rule {apiGroups: ["crd.projectcalico.org"], resources: ["felixconfigurations"], verbs: ["update"]}',
    );
    expect((await calico(['get', 'felixconfig', 'default'], { KUBECONFIG: kubeconfig })).code).toBe(0);
  });

  it('needs no more rights than the page of rights says', async () => {
    const verbs = ['get', 'list', 'update'];
    const rules = [{ apiGroups: [USUAL, NEWER], resources: ['felixconfigurations'], verbs }];
    writeKubeconfig(kubeconfig, (await newRestrictedUser(sharedCluster().admin, rules)).access);
    const variables = { KUBECONFIG: kubeconfig };
    expect((await calico(PATCH, variables)).code).toBe(0);
    expect((await calico(['get', 'felixconfig'], variables)).code).toBe(0);
    expect((await rawFelix()).spec).toEqual({ natPortRange: '24000:65535' });
  });

  it('names the right to read that is missing', async () => {
    const user = await newRestrictedUser(sharedCluster().admin, []);
    writeKubeconfig(kubeconfig, user.access);
    const get = await calico(['get', 'felixconfig', 'default'], { KUBECONFIG: kubeconfig });
    expect(get.stderr).toMatch(
      /^connection is unauthorized: felixconfigurations\.crd\.projectcalico\.org "default" is forbidden/,
    );
    const patch = await calico(PATCH, { KUBECONFIG: kubeconfig });
    expect(patch.stderr).toMatch(/^hit error: connection is unauthorized: /);
    expect([get.code, patch.code]).toEqual([1, 1]);
  });

  it('says that the credentials are not taken', async () => {
    writeKubeconfig(kubeconfig, accessAs(sharedCluster().admin, { token: 'made-up' }));
    const { code, stdout, stderr } = await calico(PATCH, { KUBECONFIG: kubeconfig });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^hit error: connection is unauthorized: .*does not accept the credentials/);
  });

  it('says that the server does not answer', async () => {
    writeKubeconfig(kubeconfig, { ...sharedCluster().admin, server: 'https://127.0.0.1:9' });
    const { code, stdout, stderr } = await calico(PATCH, { KUBECONFIG: kubeconfig });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^hit error: Cannot reach the API server https:\/\/127\.0\.0\.1:9: ECONNREFUSED/);
    const get = await calico(['get', 'felixconfig'], { KUBECONFIG: kubeconfig });
    expect({ code: get.code, stdout: get.stdout }).toEqual({ code: 1, stdout: '' });
    expect(get.stderr).toMatch(/^Cannot reach the API server /);
  });

  it('takes settings from a file, which hides the environment', async () => {
    const config = join(folder.path, 'calicoctl.cfg');
    const head = 'apiVersion: projectcalico.org/v3\nkind: CalicoAPIConfig\nmetadata:\nspec:\n';
    writeFileSync(config, `${head}  datastoreType: kubernetes\n  kubeconfig: ${sharedCluster().kubeconfig}\n`);
    const said = await calico(['get', 'felixconfig', '-c', config], { KUBECONFIG: '/none', DATASTORE_TYPE: 'etcdv3' });
    expect(said).toMatchObject({ code: 0, stdout: 'NAME      \ndefault   \n\n' });
  });

  it.each([
    ['spec:\n  kubeconfg: /x\n', 'failed to parse config as YAML/JSON: unknown field "kubeconfg" in spec'],
    ['spec:\n  datastoreType: etcdv3\n', 'datastore etcdv3 is not supported'],
    ['spec:\n  datastoreType: paper\n', 'unknown datastore type: paper'],
    ['spec:\n  kubeconfig: /none\n', 'Cannot read the kubeconfig: no file at /none'],
  ])('says on stdout that no client can be made: %j', async (text, why) => {
    const config = join(folder.path, 'calicoctl.cfg');
    writeFileSync(config, `apiVersion: projectcalico.org/v3\nkind: CalicoAPIConfig\n${text}`);
    const { code, stdout, stderr } = await calico([...PATCH, '--config', config]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Failed to create Calico API client: /);
    expect(stdout).toContain(why);
    expect(stderr).toMatch(/^hint: /);
  });

  it('says on stdout that the named settings are missing', async () => {
    const { code, stdout } = await calico([...PATCH, '-c', '/none/calicoctl.cfg']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Error reading config file: /none/calicoctl.cfg\n' });
  });

  it('takes the connection from single variables, with CALICO_ first', async () => {
    const { admin } = sharedCluster();
    if (!('certificate' in admin.credentials)) throw new TypeError('the administrator has a certificate');
    const files = {
      K8S_CA_FILE: admin.authority,
      K8S_CERT_FILE: admin.credentials.certificate,
      K8S_KEY_FILE: admin.credentials.key,
    };
    const variables = Object.entries(files).map(([name, text]) => {
      const path = join(folder.path, name);
      writeFileSync(path, text, { mode: 0o600 });
      return [name, path];
    });
    const said = await calico(['get', 'felixconfig'], {
      ...Object.fromEntries(variables),
      KUBECONFIG: '',
      K8S_API_ENDPOINT: 'https://127.0.0.1:9',
      CALICO_K8S_API_ENDPOINT: admin.server,
      DATASTORE_TYPE: 'kubernetes',
    });
    expect(said).toMatchObject({ code: 0, stdout: 'NAME      \ndefault   \n\n' });
  });

  it.each([
    [{ DATASTORE_TYPE: 'etcdv3' }, 'datastore etcdv3 is not supported'],
    [{ ETCD_ENDPOINTS: 'http://127.0.0.1:2379' }, 'datastore etcdv3 is not supported'],
    [{ K8S_INSECURE_SKIP_TLS_VERIFY: 'perhaps' }, 'failed to load config from env vars'],
    [{ K8S_CURRENT_CONTEXT: 'other' }, 'no context other'],
    [{ CALICO_KUBECONFIG: '/none' }, 'no file at /none'],
  ])('takes %j from the environment', async (variables: Readonly<Record<string, string>>, why) => {
    const { code, stdout } = await calico(['get', 'felixconfig'], variables);
    expect(code).toBe(1);
    expect(stdout).toContain(`Failed to create Calico API client: `);
    expect(stdout).toContain(why);
  });
});

describeCluster('the API group of get and patch', () => {
  const both = { [USUAL]: ['FelixConfiguration'], [NEWER]: ['FelixConfiguration'] } as const;

  it('is projectcalico.org where only that is served; what its definition fills in stays', async () => {
    await setCalico(sharedCluster().admin, { [NEWER]: ['FelixConfiguration'] });
    await makeFelix({ group: NEWER, spec: { natPortRange: '32768:65535' } });
    const before = await rawFelix('default', NEWER);
    expect((await patchRange('24000:65535')).code).toBe(0);
    const after = await rawFelix('default', NEWER);
    expect(after).toEqual({ ...before, spec: { ...before.spec, natPortRange: '24000:65535' } });
    const missing = await calico(['get', 'felixconfig', 'no']);
    expect(missing.stderr).toContain('felixconfigurations.projectcalico.org "no" not found');
  });

  it('is refused where both are served and nothing tells which one Calico reads', async () => {
    await setCalico(sharedCluster().admin, both);
    await makeFelix({ spec: { natPortRange: '32768:65535' } });
    await makeFelix({ group: NEWER, spec: { natPortRange: '32768:65535' } });
    const { code, stdout, stderr } = await patchRange('24000:65535');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^hit error: Cannot tell which FelixConfiguration Calico reads: both /);
    const told = await calico(PATCH, { CALICO_API_GROUP: 'projectcalico.org/v3' });
    expect(told.code).toBe(0);
    expect((await rawFelix('default', NEWER)).spec['natPortRange']).toBe('24000:65535');
    expect((await rawFelix()).spec['natPortRange']).toBe('32768:65535');
  });

  it("is what calico-node's variable says where both are served", async () => {
    await setCalico(sharedCluster().admin, both);
    await makeFelix({ spec: { natPortRange: '32768:65535' } });
    await makeFelix({ group: NEWER, spec: { natPortRange: '32768:65535' } });
    const path = '/apis/apps/v1/namespaces/kube-system/daemonsets';
    await expectAnswer(sharedCluster().admin, { method: 'POST', path, body: calicoNode('projectcalico.org/v3') }, 201);
    try {
      expect((await calico(PATCH)).code).toBe(0);
    } finally {
      await expectAnswer(sharedCluster().admin, { method: 'DELETE', path: `${path}/calico-node` }, 200);
    }
    expect((await rawFelix('default', NEWER)).spec['natPortRange']).toBe('24000:65535');
    expect((await rawFelix()).spec['natPortRange']).toBe('32768:65535');
  });

  it("is crd.projectcalico.org where Calico's own API server serves the other", async () => {
    await setCalico(sharedCluster().admin, { [USUAL]: ['FelixConfiguration'] });
    await makeFelix({ spec: { natPortRange: '32768:65535' } });
    const path = '/apis/apiregistration.k8s.io/v1/apiservices';
    await expectAnswer(sharedCluster().admin, { method: 'POST', path, body: AGGREGATED }, 201);
    try {
      const { code, stderr } = await calico(PATCH);
      expect({ code, first: stderr.split('\n')[0] }).toEqual({
        code: 0,
        first: 'changed spec.natPortRange: "32768:65535" -> "24000:65535"',
      });
    } finally {
      await expectAnswer(sharedCluster().admin, { method: 'DELETE', path: `${path}/v3.${NEWER}` }, 200);
    }
    expect((await rawFelix()).spec['natPortRange']).toBe('24000:65535');
  });

  it('is none without Calico', async () => {
    await setCalico(sharedCluster().admin, {});
    const { code, stderr } = await calico(PATCH);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hit error: the server could not find the requested resource: neither /);
  });
});

/** As much of a DaemonSet as shows how Felix was started. */
function calicoNode(group: string) {
  const labels = { 'k8s-app': 'calico-node' };
  const env = [{ name: 'CALICO_API_GROUP', value: group }];
  const containers = [{ name: 'calico-node', image: 'docker.io/calico/node:v3.32.1', env }];
  const template = { metadata: { labels }, spec: { hostNetwork: true, containers } };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'calico-node', labels },
    spec: { selector: { matchLabels: labels }, template },
  };
}

/** How calico-apiserver is made known; nothing answers behind it here. */
const AGGREGATED = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: `v3.${NEWER}` },
  spec: {
    group: NEWER,
    version: 'v3',
    groupPriorityMinimum: 1500,
    versionPriority: 200,
    insecureSkipTLSVerify: true,
    service: { name: 'calico-api', namespace: 'default' },
  },
};
