// The API server dies while a change is under way: a short death is waited out, a long one ends the program with what was done,
// what was not and how to go on.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Said } from '../cli/run-command.ts';
import { expectAnswer, valueAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { calicoPath } from './calico-kinds.ts';
import { StandInNodes, change } from './change-run.ts';
import { makeCalico, makeCalicoNode, makeNodes } from './range-objects.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

const FELIX = calicoPath('crd.projectcalico.org', 'FelixConfiguration');
const APPLY = ['apply', '--nat-port-range', '4790:65535', '--yes'];

describeCluster('an API server that dies in mid-change', () => {
  let cluster: TestCluster;
  let nodes: StandInNodes;
  let isBack: Promise<void> | undefined;

  beforeAll(async () => {
    const { binaries } = sharedCluster();
    cluster = await TestCluster.start({ binaries });
    await makeNodes(cluster.admin, ['worker-1', 'worker-2', 'worker-3']);
    await makeCalicoNode(cluster.admin, []);
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    nodes = new StandInNodes(cluster.admin);
    isBack = undefined;
    await setCalico(cluster.admin, { 'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'] });
    await makeCalico(cluster.admin, { spec: { natPortRange: '32768:65535' } });
    await makeCalico(cluster.admin, {
      kind: 'IPPool',
      name: 'pods',
      spec: { cidr: '172.30.0.0/16', natOutgoing: true },
    });
  });

  /** Waiting takes as long as the server needs to come back. */
  const run = (...words: string[]): Promise<Said> =>
    change(words, {
      kubeconfig: cluster.kubeconfig,
      witness: nodes,
      surroundings: { sleep: async () => isBack ?? new Promise((resolve) => setTimeout(resolve, 1)) },
    });

  const rangeOf = async (name: string): Promise<unknown> =>
    valueAt(await expectAnswer(cluster.admin, { path: `${FELIX}/${name}` }, 200), 'spec', 'natPortRange');

  it('and comes back: the change goes on', async () => {
    let looks = 0;
    nodes.onLook = async () => {
      looks += 1;
      if (looks !== 3) return;
      await cluster.killApiServer();
      isBack = cluster.restartApiServer();
      // The stand-in asks the server too.
      await isBack;
    };
    expect(await run(...APPLY)).toMatchObject({ code: 0, stderr: '' });
    expect(looks).toBeGreaterThan(3);
    expect(await rangeOf('default')).toBe('4790:65535');
    expect((await run('undo', '--yes')).code).toBe(0);
  });

  it('for good: it says how far it came, and that is all in the journal', async () => {
    let death: Promise<void> | undefined;
    let looks = 0;
    nodes.broken.set('worker-1', (look) => {
      looks += 1;
      // After the look before the change: what the change itself asks next gets no answer.
      if (looks === 2) death = cluster.killApiServer();
      return look;
    });
    const lost = await run(...APPLY, '--verify', 'ready');
    expect(lost).toMatchObject({ code: 3, stderr: expect.stringContaining('is not finished') });
    expect(lost.stderr).toContain('not done: ');
    expect(lost.stderr).toContain('Cannot reach the API server');
    await death;
    nodes.broken.clear();
    await cluster.restartApiServer();
    const status = await run('status', '-o', 'json');
    expect(status.code).toBe(2);
    const id = String(valueAt(JSON.parse(status.stdout), 'changes', '0', 'id'));
    expect(await rangeOf('default')).toBe('32768:65535');
    expect(await run('apply', '--resume', id, '--yes', '--take-over')).toMatchObject({ code: 0 });
    expect(await rangeOf('default')).toBe('4790:65535');
  });
});
