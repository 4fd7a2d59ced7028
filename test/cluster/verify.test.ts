// portolan verify, the repair of unreadable values, a patch that is judged, and the spread of a workload, on a true API server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { planDocument } from '../../src/present/plan/plan-document.ts';
import type { Said } from '../cli/run-command.ts';
import { SAMPLE_PLANS } from '../golden/sample-plans.ts';
import type { ApiAccess } from './api-access.ts';
import { expectAnswer, valueAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { patchRange, rawFelix } from './calicoctl-run.ts';
import { calicoPath } from './calico-kinds.ts';
import { StandInNodes, change } from './change-run.ts';
import { newNamespace } from './namespaces.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const FELIX = calicoPath('crd.projectcalico.org', 'FelixConfiguration');
const admin = (): ApiAccess => sharedCluster().admin;

/** As the Deployment controller would, once: waits for a new template, then reports every pod of it as available. */
async function rollOut(path: string): Promise<void> {
  for (;;) {
    const stored = await expectAnswer(admin(), { path }, 200);
    const generation = valueAt(stored, 'metadata', 'generation');
    if (generation !== valueAt(stored, 'status', 'observedGeneration') && hasSpread(stored)) {
      const count = valueAt(stored, 'spec', 'replicas');
      const status = {
        observedGeneration: generation,
        replicas: count,
        updatedReplicas: count,
        availableReplicas: count,
        readyReplicas: count,
      };
      const contentType = 'application/merge-patch+json';
      await expectAnswer(admin(), { method: 'PATCH', path: `${path}/status`, body: { status }, contentType }, 200);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function hasSpread(stored: unknown): boolean {
  const constraints = valueAt(stored, 'spec', 'template', 'spec', 'topologySpreadConstraints');
  return Array.isArray(constraints) && constraints.length > 1;
}

describeCluster('the nodes of a cluster beside its configuration', () => {
  let nodes: StandInNodes;
  const folder = new ScratchFolder('portolan-verify-');

  beforeAll(async () => {
    await removeNodes(admin());
    await removeDaemonSets(admin());
    await makeNodes(admin(), ['worker-1', 'worker-2']);
    await makeCalicoNode(admin(), []);
  });
  afterAll(async () => {
    folder.remove();
    await removeNodes(admin());
    await removeDaemonSets(admin());
  });
  beforeEach(async () => {
    nodes = new StandInNodes(admin());
    await setCalico(admin(), { 'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'] });
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { kind: 'IPPool', name: 'pods', spec: { cidr: '172.30.0.0/16', natOutgoing: true } });
  });
  const run = (...words: string[]): Promise<Said> =>
    change(words, { kubeconfig: sharedCluster().kubeconfig, witness: nodes });

  it('is fine, and exits 0', async () => {
    expect(await run('verify')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/2 of 2 nodes as configured\.\n$/),
    });
    const json = await run('verify', '-o', 'json', '--nat-port-range', '32768:65535');
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
      0,
      { schema: 'portolan.dev/output/verify/v1', nodes: [{ outcome: 'as-configured', installed: '32768-65535' }, {}] },
    ]);
  });

  it('differs, by its rules, its configuration or its Felix, and exits 2', async () => {
    expect(await run('verify', '--nat-port-range', '4790:65535')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('it is configured to 32768-65535'),
    });
    nodes.broken.set('worker-2', (look) => ({
      ...look,
      rule: { seen: true, value: { tcp: undefined, udp: undefined, nodePortPlane: 'unknown' } },
    }));
    expect(await run('verify')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('the rules give TCP no range and UDP no range'),
    });
    nodes.broken.clear();
    nodes.broken.set('worker-2', (look) => ({
      ...look,
      felix: { seen: true, value: { isReady: false, pod: 'a/b', said: { seen: true, value: undefined } } },
    }));
    expect((await run('verify')).code).toBe(2);
    expect((await run('verify', '--node', 'worker-1')).code).toBe(0);
    expect((await run('verify', '--node', 'worker-9')).code).toBe(1);
  });

  it('cannot be told where it cannot be seen, and exits 3', async () => {
    nodes.broken.set('worker-2', (look) => ({ ...look, rule: { seen: false, why: 'exec is forbidden' } }));
    expect(await run('verify')).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('rules not read: exec is forbidden'),
    });
    expect((await run('verify', '--verify', 'ready')).code).toBe(0);
  });

  it('is followed with --watch: who changed what', async () => {
    const stop = new AbortController();
    const heard: string[] = [];
    let isWatching = (): void => undefined;
    const watching = new Promise<void>((resolve) => (isWatching = resolve));
    const stdout = {
      isTerminal: false,
      columns: undefined,
      write: (text: string) => {
        heard.push(text);
        if (text.includes('as configured')) isWatching();
        if (text.includes('->')) stop.abort('SIGINT');
      },
    };
    const ended = change(['verify', '--watch'], {
      kubeconfig: sharedCluster().kubeconfig,
      witness: nodes,
      surroundings: { stdout, signal: stop.signal },
    });
    await watching;
    const body = (range: string) => ({ spec: { natPortRange: range } });
    const contentType = 'application/merge-patch+json';
    // What is written before the watch stands is not a change that it sees.
    for (let round = 0; !stop.signal.aborted && round < 100; round += 1) {
      const path = `${FELIX}/default?fieldManager=someone`;
      await expectAnswer(admin(), { method: 'PATCH', path, body: body(`${20_000 + round}:65535`), contentType }, 200);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await ended).code).toBe(130);
    expect(heard.at(-1)).toMatch(
      /FelixConfiguration default {2}spec\.natPortRange: "\d+:65535" -> "\d+:65535" by someone at /,
    );
  });

  it('names a value that no Felix can read, and repairs it', async () => {
    await makeCalico(admin(), { name: 'node.worker-2', spec: { natPortRange: '70000:1', healthPort: 9100 } });
    const verified = await run('verify');
    expect(verified).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no Felix can read any FelixConfiguration'),
    });
    expect(verified.stdout).toContain('Next: portolan apply --repair');
    const refused = await run('apply', '--nat-port-range', '4790:65535', '--yes');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('node.worker-2') });
    const repaired = await run('apply', '--repair', '--yes');
    expect(repaired).toMatchObject({ code: 0, stderr: '' });
    expect(repaired.stdout).toContain('spec.natPortRange: "70000:1" -> (not set)');
    expect((await rawFelix('node.worker-2')).spec).toEqual({ healthPort: 9100 });
    // The poison is not put back.
    expect(await run('undo', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it is not put back'),
    });
    expect((await rawFelix('node.worker-2')).spec).toEqual({ healthPort: 9100 });
    expect(await run('apply', '--repair', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('can be read'),
    });
  });

  it('repairs the object that is written, without a canary', async () => {
    const contentType = 'application/merge-patch+json';
    const body = { spec: { natPortRange: '65535:1024' } };
    await expectAnswer(admin(), { method: 'PATCH', path: `${FELIX}/default`, body, contentType }, 200);
    const applied = await run('apply', '--nat-port-range', '4790:65535', '--yes');
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('Straight to default') });
    expect((await rawFelix()).spec).toEqual({ natPortRange: '4790:65535' });
  });

  it('is asked before a patch is written', async () => {
    const pools = calicoPath('crd.projectcalico.org', 'IPPool');
    const contentType = 'application/merge-patch+json';
    const body = { spec: { natOutgoing: false } };
    await expectAnswer(admin(), { method: 'PATCH', path: `${pools}/pods`, body, contentType }, 200);
    const refused = await patchRange('24000:65535');
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('No IPPool has natOutgoing'),
    });
    expect((await rawFelix()).spec['natPortRange']).toBe('32768:65535');
    const forced = await patchRange('24000:65535', '--force');
    expect(forced).toMatchObject({ code: 0, stdout: "Successfully patched 1 'FelixConfiguration' resource\n" });
    expect(forced.stderr).toContain('warning: No IPPool has natOutgoing');
  });

  it('spreads the workload of a plan, and takes it back', async () => {
    const namespace = await newNamespace(admin());
    const { situation, ...rest } = SAMPLE_PLANS.churn;
    const workload = situation.workload === undefined ? undefined : { ...situation.workload, namespace };
    const plan = { ...rest, situation: { ...situation, ...(workload === undefined ? {} : { workload }) } };
    const spread = plan.remedies.find(({ change: { kind } }) => kind === 'spread');
    expect([workload?.kind, spread?.rank]).toEqual(['deployment', expect.any(Number)]);
    const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const labels = { app: 'checkout' };
    const old = { maxSkew: 2, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: 'c', image: 'i' }], topologySpreadConstraints: [old] },
    };
    const body = { metadata: { name: workload?.name }, spec: { selector: { matchLabels: labels }, template } };
    await expectAnswer(admin(), { method: 'POST', path: deployments, body }, 201);
    const path = `${deployments}/${workload?.name ?? ''}`;
    const constraints = async (): Promise<unknown> =>
      valueAt(await expectAnswer(admin(), { path }, 200), 'spec', 'template', 'spec', 'topologySpreadConstraints');
    const file = join(folder.path, 'plan.json');
    writeFileSync(file, JSON.stringify(planDocument(plan)));
    const elsewhere = join(folder.path, 'elsewhere.json');
    writeFileSync(
      elsewhere,
      JSON.stringify(planDocument({ ...plan, cluster: { context: 'prod-eu', nodes: [], layers: [] } })),
    );
    try {
      const refused = await run('apply', `${elsewhere}#${spread?.rank ?? 0}`, '--yes', '--verify', 'none');
      expect(refused).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('it was made for context prod-eu and this is'),
      });
      expect(await constraints()).toEqual([old]);
      const applied = await run('apply', `${file}#${spread?.rank ?? 0}`, '--yes', '--verify', 'none');
      expect(applied).toMatchObject({ code: 0, stderr: '' });
      expect(applied.stdout).toContain('\n  + {"maxSkew":1,"topologyKey":"kubernetes.io/hostname"');
      expect(applied.stdout).not.toContain('topology.kubernetes.io/zone');
      expect(await constraints()).toEqual([
        old,
        expect.objectContaining({ topologyKey: 'kubernetes.io/hostname', maxSkew: 1 }),
      ]);
      expect(await run('undo', '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(await constraints()).toEqual([old]);
      const waiting = run('apply', `${file}#${spread?.rank ?? 0}`, '--yes', '--timeout', '10m');
      await rollOut(path);
      const rolled = await waiting;
      expect(rolled).toMatchObject({ code: 0, stderr: '' });
      expect(rolled.stdout).toContain('all pods run the new template');
      expect(await run('undo', '--yes', '--verify', 'none')).toMatchObject({ code: 0, stderr: '' });
      expect(await constraints()).toEqual([old]);
      // No controller rolls anything out any more: the wait ends, and all is taken back.
      const failed = await run('apply', `${file}#${spread?.rank ?? 0}`, '--yes', '--timeout', '5s');
      expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('has not seen the new template') });
      expect(await constraints()).toEqual([old]);
    } finally {
      await expectAnswer(admin(), { method: 'DELETE', path, body: { propagationPolicy: 'Background' } }, 200);
    }
  });
});
