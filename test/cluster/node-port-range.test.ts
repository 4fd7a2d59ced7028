// How the range of NodePorts shows, which no API names: by what the API server refuses. Its port allocator checks the range
// only when it allocates, and a dry run allocates nothing (kubernetes: pkg/registry/core/service/portallocator, 1.34).
import { expect, it } from 'vitest';
import type { ApiAccess } from './api-access.ts';
import { type ApiAnswer, apiRequest } from './api-request.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

const SERVICES = '/api/v1/namespaces/default/services';

function createService(access: ApiAccess, name: string, nodePort: number, query = ''): Promise<ApiAnswer> {
  const spec = { type: 'NodePort', ports: [{ port: 80, nodePort }] };
  return apiRequest(access, { method: 'POST', path: `${SERVICES}${query}`, body: { metadata: { name }, spec } });
}

function refusal(range: string) {
  return {
    status: 422,
    body: { message: expect.stringContaining(`The range of valid ports is ${range}`) },
  };
}

describeCluster('the range of NodePorts', () => {
  it('is not checked by a dry run', async () => {
    const { admin } = sharedCluster();
    expect(await createService(admin, 'probe', 1, '?dryRun=All')).toMatchObject({ status: 201 });
    expect(await apiRequest(admin, { path: `${SERVICES}/probe` })).toMatchObject({ status: 404 });
  });

  it('is named when a Service asks for a port outside, which is then not made', async () => {
    const { admin } = sharedCluster();
    expect(await createService(admin, 'probe', 1)).toMatchObject(refusal('30000-32767'));
    expect(await apiRequest(admin, { path: `${SERVICES}/probe` })).toMatchObject({ status: 404 });
  });

  it('is named before the name is found taken, so that asking with a taken name can make nothing', async () => {
    const { admin } = sharedCluster();
    expect(await createService(admin, 'kubernetes', 1)).toMatchObject(refusal('30000-32767'));
    // A port inside the range: the name decides, and the port is free again afterwards.
    for (const _ of ['first', 'again']) {
      expect(await createService(admin, 'kubernetes', 30_123)).toMatchObject({
        status: 409,
        body: { reason: 'AlreadyExists' },
      });
    }
    expect(await createService(admin, 'takes-it', 30_123)).toMatchObject({ status: 201 });
    await apiRequest(admin, { method: 'DELETE', path: `${SERVICES}/takes-it` });
  });

  it('is the one that the API server was started with', async () => {
    const { binaries } = sharedCluster();
    const apiServerFlags = ['--service-node-port-range=1-22767'];
    const cluster = await TestCluster.start({ binaries, apiServerFlags });
    try {
      expect(await createService(cluster.admin, 'kubernetes', 1)).toMatchObject({ status: 409 });
      expect(await createService(cluster.admin, 'kubernetes', 65_535)).toMatchObject(refusal('1-22767'));
    } finally {
      await cluster.stop();
    }
  });
});
