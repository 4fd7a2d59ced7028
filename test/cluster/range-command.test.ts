// The command itself on a true API server: exit codes, the lines a person gets, and the rights that its page lists.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { ApiAccess } from './api-access.ts';
import { textAt, valueAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { withKubeconfig } from './kube-client.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { newRestrictedUser, type PolicyRule } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function portolan(kubeconfig: string, ...words: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', KUBECONFIG: kubeconfig };
  const child = spawn(process.execPath, ['bin/portolan.js', 'range', ...words], { env });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (out.stdout += text.toString('utf8')));
  child.stderr.on('data', (text: Buffer) => (out.stderr += text.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...out }));
  });
}

function rangeAs(access: ApiAccess, ...words: readonly string[]): Promise<Ended> {
  return withKubeconfig(access, (kubeconfig) => portolan(kubeconfig, ...words));
}

/** The rules of a role that docs/reference/rbac.md prints. */
function printedRules(role: string): PolicyRule[] {
  const page = readFileSync('docs/reference/rbac.md', 'utf8');
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');
  const objects = blocks.flatMap((block) => parseAllDocuments(block).map((document): unknown => document.toJS()));
  const found = objects.find((object) => textAt(object, 'metadata', 'name') === role);
  const rules = valueAt(found, 'rules');
  return Array.isArray(rules) ? rules : [];
}

describeCluster('portolan range', () => {
  const admin = (): ApiAccess => sharedCluster().admin;

  beforeAll(async () => {
    await setCalico(admin(), { 'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'] });
    await removeNodes(admin());
    await removeDaemonSets(admin());
    await makeNodes(admin(), ['worker-1', 'worker-2']);
    await makeCalicoNode(admin(), []);
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { name: 'node.worker-2', spec: { natPortRange: '24000:65535' } });
    await makeCalico(admin(), { kind: 'IPPool', name: 'pods', spec: { cidr: '172.30.0.0/16', natOutgoing: true } });
    await makeCalico(admin(), { kind: 'ClusterInformation', spec: { calicoVersion: 'v3.31.0' } });
  });
  afterAll(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
  });

  it('prints ranges and nodes', async () => {
    const { code, stdout, stderr } = await rangeAs(admin());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('32768-65535');
    expect(stdout).toContain('24000-65535');
    expect(stdout).toContain('worker-2');
  });

  it('prints one node with all its layers', async () => {
    const { code, stdout } = await rangeAs(admin(), '--node', 'worker-2', '--explain');
    expect(code).toBe(0);
    expect(stdout).toContain('FelixConfiguration node.worker-2');
    expect(stdout).not.toContain('worker-1');
  });

  it('prints JSON', async () => {
    const { code, stdout } = await rangeAs(admin(), '-o', 'json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { schema: 'portolan.dev/output/range/v1' }]);
  });

  it('needs no more than the rights that its page lists', async () => {
    const rules = printedRules('portolan-reader');
    expect(rules).not.toEqual([]);
    const { access } = await newRestrictedUser(admin(), rules);
    const [few, all] = await Promise.all([rangeAs(access, '-o', 'json'), rangeAs(admin(), '-o', 'json')]);
    expect(few).toEqual(all);
    const asking = await newRestrictedUser(admin(), [...rules, ...printedRules('portolan-ask-node-ports')]);
    expect(await rangeAs(asking.access, '--ask-node-ports', '-o', 'json')).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('forbidden'),
    });
  });

  it('says what is missing without any right, and ends with 3', async () => {
    const { access } = await newRestrictedUser(admin(), []);
    const { code, stdout, stderr } = await rangeAs(access, '--explain');
    expect([code, stderr]).toEqual([3, '']);
    for (const resource of ['nodes', 'daemonsets', 'felixconfigurations', 'ippools', 'services'])
      expect(stdout).toContain(`forbidden: list ${resource}`);
  });

  it.each([
    ['without credentials', { anonymous: true } as const],
    ['with a token that is none', { token: 'expired' } as const],
  ])('says that it is not let in %s', async (_, credentials) => {
    const { code, stderr } = await rangeAs({ ...admin(), credentials });
    expect(code).toBe(3);
    expect(stderr).toContain('does not accept the credentials of context test');
  });

  it('says that nothing answers at the address', { timeout: 60_000 }, async () => {
    const { code, stderr } = await rangeAs({ ...admin(), server: 'https://127.0.0.1:1' });
    expect(code).toBe(3);
    expect(stderr).toContain('Cannot reach the API server https://127.0.0.1:1: ECONNREFUSED');
  });

  it('names the contexts there are when one is not', async () => {
    const { code, stderr } = await rangeAs(admin(), '--context', 'prod');
    expect([code, stderr.split('\n')[0]]).toEqual([
      1,
      'Cannot read the kubeconfig: no context prod, wanted one of test',
    ]);
  });

  it('ends with 2 when a stored value cannot be decoded', async () => {
    await makeCalico(admin(), { name: 'node.gone', spec: { natPortRange: '70000:1' } });
    const { code, stdout } = await rangeAs(admin());
    expect(code).toBe(2);
    expect(stdout).toContain('70000:1');
  });
});
