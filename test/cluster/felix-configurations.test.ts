// FelixConfigurations on a true API server: what it stores, what it refuses, and what it takes although Felix cannot use it.
import { beforeEach, expect, it } from 'vitest';
import { type ApiAnswer, apiRequest, expectAnswer, textAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { calicoPath } from './calico-kinds.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const USUAL = calicoPath('crd.projectcalico.org', 'FelixConfiguration');
const NEWER = calicoPath('projectcalico.org', 'FelixConfiguration');
const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

function felix(apiVersion: string, name: string, spec: Readonly<Record<string, unknown>>) {
  return { apiVersion, kind: 'FelixConfiguration', metadata: { name }, spec };
}

function create(spec: Readonly<Record<string, unknown>>, name = 'default'): Promise<ApiAnswer> {
  const body = felix('crd.projectcalico.org/v1', name, spec);
  return apiRequest(sharedCluster().admin, { method: 'POST', path: USUAL, body });
}

function patch(body: unknown, contentType: string): Promise<ApiAnswer> {
  return apiRequest(sharedCluster().admin, { method: 'PATCH', path: `${USUAL}/default`, body, contentType });
}

describeCluster('FelixConfigurations of crd.projectcalico.org', () => {
  beforeEach(() => setCalico(sharedCluster().admin, { 'crd.projectcalico.org': ['FelixConfiguration'] }));

  it('are created, read and patched; a patch leaves the other fields alone', async () => {
    expect(await create({ reportingInterval: '0s', vxlanPort: 4789 })).toMatchObject({ status: 201 });
    const patched = await patch({ spec: { natPortRange: '24000:65535' } }, MERGE);
    const spec = { reportingInterval: '0s', vxlanPort: 4789, natPortRange: '24000:65535' };
    expect(patched).toMatchObject({ status: 200, body: { spec } });
    const read = await expectAnswer(sharedCluster().admin, { path: `${USUAL}/default` }, 200);
    expect(read).toEqual(patched.body);
    expect(await patch({ spec: { natPortRange: null } }, MERGE)).toMatchObject({
      body: { spec: { reportingInterval: '0s', vxlanPort: 4789 } },
    });
  });

  it.each([
    ['a range with a dash, which Felix takes for a port name', '32768-65535'],
    ['a single port', 1024],
    ['a single port as text', '1024'],
    ['no port at all', 0],
    ['a negative number', -1],
    ['a range that ends before it begins', '70000:1'],
    ['a range with a blank', '32768: 65535'],
    ['an empty text', ''],
  ])('are stored as written with %s', async (_, natPortRange) => {
    expect(await create({ natPortRange })).toMatchObject({ status: 201, body: { spec: { natPortRange } } });
  });

  it.each([
    ['a flag', true],
    ['a list', ['32768:65535']],
    ['a fraction', 1.5],
  ])('are refused with %s as range', async (_, natPortRange) => {
    expect(await create({ natPortRange })).toMatchObject({
      status: 422,
      body: { reason: 'Invalid', message: expect.stringContaining('spec.natPortRange') },
    });
  });

  it('lose a field that the definition does not have', async () => {
    expect(await create({ natPortRanges: '1:2' })).toMatchObject({ status: 201, body: { spec: {} } });
  });

  it('refuse a writer who did not see the last change', async () => {
    const made = await create({ natPortRange: '32768:65535' });
    const stale = textAt(made.body, 'metadata', 'resourceVersion');
    expect(await patch({ spec: { natPortRange: '24000:65535' } }, MERGE)).toMatchObject({ status: 200 });
    const late = { metadata: { resourceVersion: stale }, spec: { natPortRange: '1025:65535' } };
    expect(await patch(late, MERGE)).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    const guarded = [{ op: 'test', path: '/spec/natPortRange', value: '32768:65535' }];
    expect(await patch(guarded, JSON_PATCH)).toMatchObject({ status: 422 });
  });

  it('are not changed by a dry run', async () => {
    await create({ natPortRange: '32768:65535' });
    const wanted = { path: `${USUAL}/default?dryRun=All`, body: { spec: { natPortRange: '24000:65535' } } };
    const tried = await apiRequest(sharedCluster().admin, { method: 'PATCH', contentType: MERGE, ...wanted });
    expect(tried).toMatchObject({ status: 200, body: { spec: { natPortRange: '24000:65535' } } });
    const read = await expectAnswer(sharedCluster().admin, { path: `${USUAL}/default` }, 200);
    expect(read).toMatchObject({ spec: { natPortRange: '32768:65535' } });
  });

  it('are written only by those who may', async () => {
    await create({ natPortRange: '32768:65535' });
    const reader = await newRestrictedUser(sharedCluster().admin, [
      { apiGroups: ['crd.projectcalico.org'], resources: ['felixconfigurations'], verbs: ['get'] },
    ]);
    const path = `${USUAL}/default`;
    expect(await apiRequest(reader.access, { path })).toMatchObject({ status: 200 });
    const change = { method: 'PATCH', path, body: { spec: {} }, contentType: MERGE } as const;
    expect(await apiRequest(reader.access, change)).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('cannot patch resource "felixconfigurations"') },
    });
  });
});

describeCluster('FelixConfigurations of projectcalico.org', () => {
  function createNewer(name: string, spec: Readonly<Record<string, unknown>>): Promise<ApiAnswer> {
    const body = felix('projectcalico.org/v3', name, spec);
    return apiRequest(sharedCluster().admin, { method: 'POST', path: NEWER, body });
  }

  beforeEach(() => setCalico(sharedCluster().admin, { 'projectcalico.org': ['FelixConfiguration'] }));

  it('are the only ones served: the other group is gone', async () => {
    expect(await apiRequest(sharedCluster().admin, { path: NEWER })).toMatchObject({ status: 200 });
    expect(await apiRequest(sharedCluster().admin, { path: USUAL })).toMatchObject({ status: 404 });
  });

  it('are filled in with defaults, and as loose about the range', async () => {
    expect(await createNewer('default', { natPortRange: '32768-65535' })).toMatchObject({
      status: 201,
      body: { spec: { natPortRange: '32768-65535', nftablesMode: 'Auto' } },
    });
  });

  it('select nodes unless their name does', async () => {
    const spec = { nodeSelector: "pool == 'edge'", natPortRange: '24000:65535' };
    expect(await createNewer('edge', spec)).toMatchObject({ status: 201 });
    for (const name of ['default', 'node.a']) {
      expect(await createNewer(name, spec)).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('nodeSelector is not allowed on default and node.<name>') },
      });
    }
  });
});

describeCluster('the Calico kinds of a test', () => {
  it('stand side by side where a cluster has both groups, each with its own objects', async () => {
    const { admin } = sharedCluster();
    await setCalico(admin, {
      'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'],
      'projectcalico.org': ['FelixConfiguration'],
    });
    await create({ natPortRange: '32768:65535' });
    expect(await apiRequest(admin, { path: `${NEWER}/default` })).toMatchObject({ status: 404 });
    const pool = { apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool', metadata: { name: 'pods' } };
    const pools = calicoPath('crd.projectcalico.org', 'IPPool');
    const spec = { cidr: '172.30.0.0/16', natOutgoing: true };
    await expectAnswer(admin, { method: 'POST', path: pools, body: { ...pool, spec } }, 201);
    expect(await apiRequest(admin, { path: pools })).toMatchObject({ body: { items: [{ spec }] } });
  });

  it('begin empty', async () => {
    const { admin } = sharedCluster();
    await setCalico(admin, { 'crd.projectcalico.org': ['FelixConfiguration'] });
    await create({ natPortRange: '32768:65535' });
    await setCalico(admin, { 'crd.projectcalico.org': ['FelixConfiguration'] });
    expect(await apiRequest(admin, { path: USUAL })).toMatchObject({ status: 200, body: { items: [] } });
  });
});
