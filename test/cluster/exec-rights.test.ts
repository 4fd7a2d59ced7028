// Which rights an exec needs, asked of the true authoriser: a WebSocket begins with a GET, so Kubernetes up to 1.34 asks for
// the verb get; from 1.35 also for create. No kubelet is there: what is allowed ends at the node that nobody reaches.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNodeShells } from '../../src/kube/exec/open-node-shells.ts';
import type { ApiAccess } from './api-access.ts';
import { withClient } from './kube-client.ts';
import { makeNodes, removeNodes } from './range-objects.ts';
import { newRestrictedUser, type PolicyRule } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { ensureNamespace, makePod, patchStatus, removePods } from './workload-objects.ts';

const NAMESPACE = 'calico-system';
const LIST: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['list'] };
const { signal } = new AbortController();

function execRule(...verbs: string[]): PolicyRule {
  return { apiGroups: [''], resources: ['pods/exec'], verbs };
}

describeCluster('exec on a node', () => {
  const admin = (): ApiAccess => sharedCluster().admin;

  beforeAll(async () => {
    await ensureNamespace(admin(), NAMESPACE);
    await removeNodes(admin());
    await makeNodes(admin(), ['worker-1']);
    // Nothing listens there.
    await patchStatus(admin(), '/api/v1/nodes/worker-1', {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: 1 } },
    });
    await makePod(admin(), {
      namespace: NAMESPACE,
      name: 'calico-node-x7f2p',
      node: 'worker-1',
      labels: { 'k8s-app': 'calico-node' },
      spec: { hostNetwork: true },
      containers: [{ name: 'calico-node', image: 'none' }],
    });
  });
  afterAll(async () => {
    await removePods(admin(), NAMESPACE);
    await removeNodes(admin());
  });

  async function catAs(access: ApiAccess): Promise<unknown> {
    return withClient(access, async (client) => {
      const shell = (await openNodeShells(client, { signal })).shells.get('worker-1');
      return shell?.run(['cat', '/proc/version'], { stdout: () => undefined, signal, timeoutSeconds: 30 });
    });
  }

  it('is refused without the right, which is named', async () => {
    const { access } = await newRestrictedUser(admin(), [LIST]);
    await expect(catAs(access)).rejects.toMatchObject({
      code: 'PTL_API_FORBIDDEN',
      message: expect.stringContaining('cannot get resource "pods/exec"'),
      hint: expect.stringContaining('resources: ["pods/exec"], verbs: ["get", "create"]'),
    });
  });

  it('is let through with get and create, and says that the node is not reached', async () => {
    const { access } = await newRestrictedUser(admin(), [LIST, execRule('get', 'create')]);
    await expect(catAs(access)).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message: expect.stringContaining(
        'Cannot run a command on node worker-1: the API server does not reach its kubelet',
      ),
    });
  });

  it('asks this version of Kubernetes for get alone', async () => {
    const reader = await newRestrictedUser(admin(), [LIST, execRule('get')]);
    await expect(catAs(reader.access)).rejects.toMatchObject({ code: 'PTL_EXEC' });
    const creator = await newRestrictedUser(admin(), [LIST, execRule('create')]);
    await expect(catAs(creator.access)).rejects.toMatchObject({ code: 'PTL_API_FORBIDDEN' });
  });

  it('has no shell where no pod may be listed', async () => {
    const { access } = await newRestrictedUser(admin(), [execRule('get', 'create')]);
    const { shells, absence } = await withClient(access, (client) => openNodeShells(client, { signal }));
    expect([shells.size, absence.why]).toEqual([0, 'forbidden: list pods in namespace calico-system']);
  });
});
