// The API server of the tests is a true one: it proves who it is, it knows who asks, and it refuses.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { accessAs } from './api-access.ts';
import { apiRequest, expectAnswer, textAt, valueAt } from './api-request.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import { type RestrictedUser, newRestrictedUser } from './restricted-access.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';

describeCluster('the shared API server', () => {
  it('is a release of Kubernetes', async () => {
    const version = await expectAnswer(sharedCluster().admin, { path: '/version' }, 200);
    expect(version).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) });
    expect(Number.parseInt(textAt(version, 'minor'), 10)).toBeGreaterThanOrEqual(32);
  });

  it('is not believed under another authority', async () => {
    const folder = new ScratchFolder('portolan-authority-');
    try {
      const other = readFileSync(new CertificateAuthority(folder.path).files.certificate, 'utf8');
      const deceived = apiRequest({ ...sharedCluster().admin, authority: other }, { path: '/version' });
      await expect(deceived).rejects.toMatchObject({ code: expect.stringMatching(/VERIFY|UNABLE|SELF_SIGNED|CERT/) });
    } finally {
      folder.remove();
    }
  });

  it('takes what the kubeconfig says for the administrator', async () => {
    const { admin, kubeconfig } = sharedCluster();
    const { clusters, users }: Kubeconfig = parse(readFileSync(kubeconfig, 'utf8'));
    const [{ cluster } = { cluster: { server: '', 'certificate-authority-data': '' } }] = clusters;
    const user = users[0]?.user;
    const credentials = {
      certificate: decode(user?.['client-certificate-data']),
      key: decode(user?.['client-key-data']),
    };
    const access = { server: cluster.server, authority: decode(cluster['certificate-authority-data']), credentials };
    expect(access).toEqual(admin);
    expect(await apiRequest(access, { path: '/api/v1/secrets' })).toMatchObject({ status: 200 });
  });

  it('does not know a made-up token, and lets nobody read objects', async () => {
    const { admin } = sharedCluster();
    const path = '/api/v1/nodes';
    expect(await apiRequest(accessAs(admin, { token: 'made-up' }), { path })).toMatchObject({ status: 401 });
    expect(await apiRequest(accessAs(admin, { anonymous: true }), { path })).toMatchObject({
      status: 403,
      body: { reason: 'Forbidden', message: expect.stringContaining('system:anonymous') },
    });
  });
});

describeCluster('a restricted user', () => {
  let user: RestrictedUser;
  beforeAll(async () => {
    user = await newRestrictedUser(sharedCluster().admin, [
      { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] },
    ]);
  });

  it('may do what the rules say, and is refused the rest by name', async () => {
    expect(await apiRequest(user.access, { path: '/api/v1/nodes' })).toMatchObject({ status: 200 });
    const node = { method: 'POST', path: '/api/v1/nodes', body: { metadata: { name: 'n' } } } as const;
    expect(await apiRequest(user.access, node)).toMatchObject({ status: 403 });
    expect(await apiRequest(user.access, { path: '/api/v1/pods' })).toMatchObject({
      status: 403,
      body: {
        reason: 'Forbidden',
        message: `pods is forbidden: User "${user.userName}" cannot list resource "pods" in API group "" at the cluster scope`,
      },
    });
  });

  it('is named by a review of the token', async () => {
    const { credentials } = user.access;
    const token = 'token' in credentials ? credentials.token : '';
    expect(await reviewToken(token)).toMatchObject({ authenticated: true, user: { username: user.userName } });
    expect(await reviewToken(`${token.slice(0, -4)}AAAA`)).not.toHaveProperty('authenticated');
  });

  it('learns beforehand what would be refused', async () => {
    expect(await mayDo({ verb: 'list', resource: 'nodes' })).toBe(true);
    expect(await mayDo({ verb: 'delete', resource: 'nodes' })).toBe(false);
    expect(await mayDo({ verb: 'create', resource: 'pods', subresource: 'exec' })).toBe(false);
  });

  async function reviewToken(token: string): Promise<unknown> {
    const path = '/apis/authentication.k8s.io/v1/tokenreviews';
    const review = await expectAnswer(sharedCluster().admin, { method: 'POST', path, body: { spec: { token } } }, 201);
    return valueAt(review, 'status');
  }

  /** Asked both by the user about themselves and by the administrator about the user: they must agree. */
  async function mayDo(resourceAttributes: Readonly<Record<string, string>>): Promise<boolean> {
    const own = { method: 'POST', path: `${AUTHORIZATION}/selfsubjectaccessreviews` } as const;
    const others = { method: 'POST', path: `${AUTHORIZATION}/subjectaccessreviews` } as const;
    const byUser = await expectAnswer(user.access, { ...own, body: { spec: { resourceAttributes } } }, 201);
    const spec = { user: user.userName, resourceAttributes };
    const byAdmin = await expectAnswer(sharedCluster().admin, { ...others, body: { spec } }, 201);
    expect(allowed(byAdmin)).toBe(allowed(byUser));
    return allowed(byUser);
  }
});

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

function decode(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('utf8');
}

function allowed(review: unknown): boolean {
  return valueAt(review, 'status', 'allowed') === true;
}
