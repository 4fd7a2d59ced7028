// A change of natPortRange on a true API server, from preview to undo.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Said } from '../cli/run-command.ts';
import type { ApiAccess } from './api-access.ts';
import { expectAnswer, valueAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { calicoPath } from './calico-kinds.ts';
import { rawFelix } from './calicoctl-run.ts';
import { StandInNodes, change } from './change-run.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const NODES = ['worker-1', 'worker-2', 'worker-3', 'worker-4'];
const FELIX = calicoPath('crd.projectcalico.org', 'FelixConfiguration');

describeCluster('portolan apply', () => {
  const admin = (): ApiAccess => sharedCluster().admin;
  let nodes: StandInNodes;

  beforeAll(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
    await makeNodes(admin(), NODES);
    await makeCalicoNode(admin(), []);
  });
  afterAll(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
  });
  beforeEach(async () => {
    nodes = new StandInNodes(admin());
    await setCalico(admin(), { 'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'] });
    await makeCalico(admin(), {
      spec: { natPortRange: '32768:65535', healthPort: 9099 },
      annotations: { note: 'kept' },
    });
    await makeCalico(admin(), { kind: 'IPPool', name: 'pods', spec: { cidr: '172.30.0.0/16', natOutgoing: true } });
  });

  const run = (...words: string[]): Promise<Said> =>
    change(words, { kubeconfig: sharedCluster().kubeconfig, witness: nodes });
  const felixNames = async (): Promise<unknown[]> => {
    const items = valueAt(await expectAnswer(admin(), { path: FELIX }, 200), 'items');
    return (Array.isArray(items) ? items : []).map((item: unknown) => valueAt(item, 'metadata', 'name'));
  };

  it('goes from one node over batches to all, and back', async () => {
    const before = await rawFelix();
    const applied = await run('apply', '--nat-port-range', '4790:65535', '--yes', '--batch-size', '2');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toContain('spec.natPortRange: "32768:65535" -> "4790:65535"');
    expect(applied.stdout).toMatch(/4 of 4 nodes verified in .*\n$/);
    expect(await rawFelix()).toEqual({ ...before, spec: { ...before.spec, natPortRange: '4790:65535' } });
    expect(await felixNames()).toEqual(['default']);
    const undone = await run('undo', '--yes');
    expect(undone).toMatchObject({ code: 0, stderr: '' });
    expect(await rawFelix()).toEqual(before);
  });
});
