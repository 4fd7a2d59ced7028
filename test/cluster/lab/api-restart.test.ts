// The API server dies and comes back under a running lab: exec works again, and Felix hears of what changes then.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAnswer } from '../api-request.ts';
import { calicoPath } from '../calico-kinds.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { TestCluster } from '../test-cluster.ts';
import { until } from '../until.ts';
import { execInPod, exitCodeOf } from './exec-in-pod.ts';
import { LabCluster } from './lab-cluster.ts';
import { outgoingRanges } from './outgoing-ranges.ts';

describeCluster('a lab whose API server dies', () => {
  let ground: TestCluster;
  let lab: LabCluster;
  beforeAll(async () => {
    const { binaries } = sharedCluster();
    ground = await TestCluster.start({ binaries });
    lab = await LabCluster.start({ admin: ground.admin, kubelet: ground.kubelet, binaries }, { podsPerNode: 1 });
  });
  afterAll(async () => {
    await lab.stop();
    await ground.stop();
  });

  it('goes on without it, and with it when it is back', async () => {
    const node = lab.node(0);
    await ground.killApiServer();
    expect(outgoingRanges(node)).toEqual(['tcp 32768-65535', 'udp 32768-65535', 'all any']);
    await ground.restartApiServer();
    const contentType = 'application/merge-patch+json';
    const path = `${calicoPath('crd.projectcalico.org', 'FelixConfiguration')}/default`;
    const body = { spec: { natPortRange: '24000:24999' } };
    await expectAnswer(lab.admin, { method: 'PATCH', path, contentType, body }, 200);
    await until('Felix has changed the rules', () => outgoingRanges(node)[0] === 'tcp 24000-24999');
    expect(exitCodeOf((await execInPod(lab.admin, node.calicoNode, ['conntrack', '-C'])).status)).toBe(0);
  });
});
