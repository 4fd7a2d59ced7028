// The API server dies and comes back: what every client of it must survive can be had here.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiRequest, expectAnswer } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { calicoPath } from './calico-kinds.ts';
import { type RestrictedUser, newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

const CONFIGURATIONS = calicoPath('crd.projectcalico.org', 'FelixConfiguration');
const READ = { apiGroups: ['crd.projectcalico.org'], resources: ['felixconfigurations'], verbs: ['get'] };

describeCluster('an API server that is killed', () => {
  let cluster: TestCluster;
  let reader: RestrictedUser;
  beforeAll(async () => {
    cluster = await TestCluster.start({ binaries: sharedCluster().binaries });
    await setCalico(cluster.admin, { 'crd.projectcalico.org': ['FelixConfiguration'] });
    reader = await newRestrictedUser(cluster.admin, [READ]);
    const body = {
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'FelixConfiguration',
      metadata: { name: 'default' },
      spec: { natPortRange: '24000:65535' },
    };
    await expectAnswer(cluster.admin, { method: 'POST', path: CONFIGURATIONS, body }, 201);
  });
  afterAll(() => cluster.stop());

  it('refuses connections, and comes back at the same address with all objects, roles and tokens', async () => {
    const path = `${CONFIGURATIONS}/default`;
    const before = await expectAnswer(reader.access, { path }, 200);
    await cluster.killApiServer();
    await expect(apiRequest(reader.access, { path })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await cluster.restartApiServer();
    expect(await expectAnswer(reader.access, { path }, 200)).toEqual(before);
    const change = { method: 'PATCH', path, body: {}, contentType: 'application/merge-patch+json' } as const;
    expect(await apiRequest(reader.access, change)).toMatchObject({ status: 403 });
  });
});
