// A change whose program is killed at every single request it makes: what is left behind can always be gone on with and taken
// back, and nothing of anybody else is lost.
import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Said } from '../cli/run-command.ts';
import { type ApiAccess, writeKubeconfig } from './api-access.ts';
import { expectAnswer, valueAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { calicoPath } from './calico-kinds.ts';
import { type RawFelix, rawFelix } from './calicoctl-run.ts';
import { StandInNodes, change } from './change-run.ts';
import { type Deadly, KillingProxy } from './killing-proxy.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const NODES = ['worker-1', 'worker-2', 'worker-3'];
const FELIX = calicoPath('crd.projectcalico.org', 'FelixConfiguration');
const TARGET = '4790:65535';
const FIXER = [
  { apiGroups: [''], resources: ['nodes', 'services', 'pods'], verbs: ['list'] },
  { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['list'] },
  { apiGroups: ['crd.projectcalico.org'], resources: ['ippools', 'clusterinformations'], verbs: ['list'] },
  {
    apiGroups: ['crd.projectcalico.org'],
    resources: ['felixconfigurations'],
    verbs: ['get', 'list', 'create', 'update', 'delete'],
  },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'create', 'update'] },
  { apiGroups: [''], resources: ['namespaces'], verbs: ['create'] },
];

const admin = (): ApiAccess => sharedCluster().admin;

/** All of them by name, without what the server itself writes at every change. */
async function felixObjects(): Promise<ReadonlyMap<string, RawFelix>> {
  const items = valueAt(await expectAnswer(admin(), { path: FELIX }, 200), 'items');
  const names = (Array.isArray(items) ? items : []).map((item: unknown) => String(valueAt(item, 'metadata', 'name')));
  return new Map(await Promise.all(names.map(async (name) => [name, await rawFelix(name)] as const)));
}

function withRange(objects: ReadonlyMap<string, RawFelix>, natPortRange: string): ReadonlyMap<string, RawFelix> {
  return new Map(
    [...objects].map(([name, object]) =>
      name === 'default' ? [name, { ...object, spec: { ...object.spec, natPortRange } }] : [name, object],
    ),
  );
}

/** A pod of calico-node that is ready, as its kubelet would say. */
async function makeReadyPod(node: string): Promise<void> {
  const pods = '/api/v1/namespaces/kube-system/pods';
  const name = `calico-node-${node}`;
  const containers = [{ name: 'calico-node', image: 'calico/node' }];
  const body = { metadata: { name, labels: { 'k8s-app': 'calico-node' } }, spec: { nodeName: node, containers } };
  await expectAnswer(admin(), { method: 'POST', path: pods, body }, 201);
  const status = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
  const contentType = 'application/merge-patch+json';
  await expectAnswer(admin(), { method: 'PATCH', path: `${pods}/${name}/status`, body: status, contentType }, 200);
}

describeCluster('a change that is killed', () => {
  const folder = new ScratchFolder('portolan-killed-');
  let proxy: KillingProxy;
  let kubeconfig: string;

  beforeAll(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
    await setCalico(admin(), { 'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'] });
    await makeNodes(admin(), NODES);
    await makeCalicoNode(admin(), []);
    await Promise.all(NODES.map(makeReadyPod));
    await makeCalico(admin(), {
      spec: { natPortRange: '32768:65535', healthPort: 9099 },
      annotations: { note: 'kept' },
    });
    await makeCalico(admin(), { name: 'node.worker-2', spec: { healthPort: 9100 } });
    await makeCalico(admin(), { kind: 'IPPool', name: 'pods', spec: { cidr: '172.30.0.0/16', natOutgoing: true } });
    const { access } = await newRestrictedUser(admin(), FIXER);
    proxy = await KillingProxy.start(access, folder.path);
    kubeconfig = `${folder.path}/kubeconfig`;
    writeKubeconfig(kubeconfig, proxy.access);
  });
  afterAll(async () => {
    await proxy.stop();
    folder.remove();
    for (const node of NODES)
      await expectAnswer(
        admin(),
        { method: 'DELETE', path: `/api/v1/namespaces/kube-system/pods/calico-node-${node}?gracePeriodSeconds=0` },
        200,
      );
    await removeNodes(admin());
    await removeDaemonSets(admin());
  });

  /** @returns the exit code; null when it was killed. */
  function applyUntil(deadly: Deadly): Promise<{ code: number | null; stderr: string }> {
    const words = ['apply', '--nat-port-range', TARGET, '--yes', '--batch-size', '2', '--verify', 'ready'];
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', KUBECONFIG: kubeconfig };
    const child: ChildProcess = spawn(process.execPath, ['bin/portolan.js', ...words], { env });
    proxy.arm(deadly, () => child.kill('SIGKILL'));
    let stderr = '';
    child.stderr?.on('data', (text: Buffer) => (stderr += text.toString('utf8')));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stderr }));
    });
  }

  const run = (...words: string[]): Promise<Said> =>
    change(words, { kubeconfig: sharedCluster().kubeconfig, witness: new StandInNodes(admin()) });

  async function unfinishedId(): Promise<string | undefined> {
    const { code, stdout } = await run('status', '-o', 'json');
    const changes = valueAt(JSON.parse(stdout), 'changes');
    const open = (Array.isArray(changes) ? changes : []).filter(
      (each: unknown) => !['done', 'undone'].includes(String(valueAt(each, 'state'))),
    );
    expect(open.length).toBeLessThanOrEqual(1);
    expect(code).toBe(open.length === 0 ? 0 : 2);
    return open.length === 0 ? undefined : String(valueAt(open[0], 'id'));
  }

  /** Goes on or back, and leaves the cluster as it was. */
  async function settle(original: ReadonlyMap<string, RawFelix>, way: 'resume' | 'undo'): Promise<void> {
    const id = await unfinishedId();
    if (id !== undefined && way === 'resume') {
      const resumed = await run('apply', '--resume', id, '--yes', '--take-over');
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(await felixObjects()).toEqual(withRange(original, TARGET));
    }
    const isChanged = (await rawFelix()).spec['natPortRange'] === TARGET;
    if (id !== undefined || isChanged) {
      const undone = await run('undo', '--yes', '--take-over');
      expect(undone).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await felixObjects()).toEqual(original);
    expect(await unfinishedId()).toBeUndefined();
  }

  /**
   * Two ends with nothing but reads between them leave the same cluster behind: so the program ends before its first write and
   * after each. PTL_EVERY_REQUEST=1 ends it before and after each request.
   */
  function* ends(): Generator<Deadly, never, undefined> {
    const isThorough = process.env['PTL_EVERY_REQUEST'] === '1';
    const of = isThorough ? 'requests' : 'writes';
    if (!isThorough) yield { number: 1, of, when: 'before' };
    for (let number = 1; ; number += 1) {
      if (isThorough) yield { number, of, when: 'before' };
      yield { number, of, when: 'after' };
    }
  }

  it('after any write can be gone on with and taken back', { timeout: 3_600_000 }, async () => {
    const original = await felixObjects();
    const counts = { resume: 0, undo: 0 };
    for (const deadly of ends()) {
      const { code, stderr } = await applyUntil(deadly);
      if (proxy.killedAt === undefined) {
        expect([code, stderr]).toEqual([0, '']);
        break;
      }
      expect(code).toBeNull();
      const way = counts.resume > counts.undo ? 'undo' : 'resume';
      await settle(original, way);
      counts[way] += 1;
    }
    await settle(original, 'undo');
    expect(Math.min(counts.resume, counts.undo)).toBeGreaterThan(8);
    process.stdout.write(
      `killed at ${counts.resume + counts.undo} places: ${counts.resume} times gone on with, ${counts.undo} times taken back\n`,
    );
  });
});
