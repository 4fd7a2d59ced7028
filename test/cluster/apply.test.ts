// A change of natPortRange on a true API server, from preview to undo, and what may come between.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Said } from '../cli/run-command.ts';
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer, valueAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { calicoPath } from './calico-kinds.ts';
import { rawFelix } from './calicoctl-run.ts';
import { StandInNodes, change } from './change-run.ts';
import { withKubeconfig } from './kube-client.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { newRestrictedUser, type PolicyRule } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const NODES = ['worker-1', 'worker-2', 'worker-3', 'worker-4'];
const FELIX = calicoPath('crd.projectcalico.org', 'FelixConfiguration');
const APPLY = ['apply', '--nat-port-range', '4790:65535', '--yes', '--batch-size', '2'];

const WIDER = { first: 4790, last: 65_535 };

const admin = (): ApiAccess => sharedCluster().admin;
let nodes: StandInNodes;

function run(...words: string[]): Promise<Said> {
  return change(words, { kubeconfig: sharedCluster().kubeconfig, witness: nodes });
}

async function felixNames(): Promise<unknown[]> {
  const items = valueAt(await expectAnswer(admin(), { path: FELIX }, 200), 'items');
  return (Array.isArray(items) ? items : []).map((item: unknown) => valueAt(item, 'metadata', 'name'));
}

async function patchFelix(name: string, patch: object): Promise<void> {
  const path = `${FELIX}/${name}`;
  const contentType = 'application/merge-patch+json';
  await expectAnswer(admin(), { method: 'PATCH', path, body: patch, contentType }, 200);
}

/** Out of the line that names the change. */
function idIn({ stdout, stderr }: Said): string {
  return /change ([0-9a-f]{4})/i.exec(`${stdout}${stderr}`)?.[1] ?? 'none';
}

describeCluster('a change of a cluster', () => {
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

  it.each([
    ['true', {}, 'eBPF data plane exempts egress'],
    ['False', { bpfEnabled: true }, 'which is not known'],
    ['perhaps', { bpfEnabled: true }, 'eBPF data plane exempts egress'],
  ])('takes FELIX_BPFENABLED=%s before the object that says %j', async (value, spec, said) => {
    await removeDaemonSets(admin());
    await makeCalicoNode(admin(), [{ name: 'FELIX_BPFENABLED', value }]);
    await patchFelix('default', { spec });
    const { stdout } = await run('apply', '--nat-port-range', '4790:65535', '--dry-run=client');
    await removeDaemonSets(admin());
    await makeCalicoNode(admin(), []);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(said);
  });

  describe('that goes well', () => {
    it('goes from one node over batches to all, and back', async () => {
      const before = await rawFelix();
      const applied = await run(...APPLY, '--context', 'test');
      expect(applied).toMatchObject({ code: 0, stderr: '' });
      // Pasted where another context is the current one, it must not mean that one.
      expect(applied.stdout).toMatch(/\nUndo: portolan undo [0-9a-f]{4} --context test\n/);
      expect(applied.stdout).toContain('spec.natPortRange: "32768:65535" -> "4790:65535"');
      expect(applied.stdout).toContain('Canary: node.worker-1, then 2 batches of 2, then default.');
      expect(applied.stdout).toMatch(/worker-3 {3}rule ✓ {2}new flows in range ✓ 1\/1 {2}Felix ready ✓/);
      expect(applied.stdout).toMatch(/4 of 4 nodes verified in .* 4 connections still on old ports \(normal\)\.\n$/);
      expect(await rawFelix()).toEqual({ ...before, spec: { ...before.spec, natPortRange: '4790:65535' } });
      expect(await felixNames()).toEqual(['default']);
      expect((await run('status')).code).toBe(0);
      const undone = await run('undo', '--yes');
      expect(undone).toMatchObject({ code: 0, stderr: '' });
      expect(undone.stdout).toMatch(/✓ worker-3 +32768-65535 +32768-65535 .*\n4 of 4 nodes as configured\.\n$/s);
      expect(await rawFelix()).toEqual(before);
      expect((await run('undo', '--yes', idIn(applied))).stdout).toContain('taken back already');
    });

    it.each([
      ['cannot be read', { seen: false, why: 'exec forbidden' }, ['? worker-2', 'rules not read: exec forbidden'], 3],
      [
        'keeps its rules',
        { seen: true, value: { tcp: WIDER, udp: WIDER, nodePortPlane: 'unknown' } },
        ['✗ worker-2', 'give TCP 4790-65535'],
        1,
      ],
    ] as const)('says after an undo that a node %s', async (_, rule, said, code) => {
      const before = await rawFelix();
      expect((await run(...APPLY)).code).toBe(0);
      nodes.broken.set('worker-2', (look) => ({ ...look, rule }));
      const undone = await run('undo', '--yes');
      expect(undone).toMatchObject({ code, stderr: '' });
      for (const text of said) expect(undone.stdout).toContain(text);
      expect(undone.stdout).toContain('3 of 4 nodes as configured, 1 not');
      expect(await rawFelix()).toEqual(before);
    });

    it('looks at no node after an undo where nobody wants it, and says so', async () => {
      expect((await run(...APPLY)).code).toBe(0);
      let looks = 0;
      nodes.onLook = () => Promise.resolve(void (looks += 1));
      const undone = await run('undo', '--yes', '--verify', 'none');
      expect(undone).toMatchObject({ code: 0, stderr: '' });
      expect(undone.stdout).toContain('was not looked at: as asked (--verify none). Next: portolan verify\n');
      expect(looks).toBe(0);
    });

    it('takes the field away again where it was absent, and the object where there was none', async () => {
      await setCalico(admin(), { 'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'] });
      await makeCalico(admin(), { kind: 'IPPool', name: 'pods', spec: { cidr: '172.30.0.0/16', natOutgoing: true } });
      await makeCalico(admin(), { name: 'node.worker-2', spec: { healthPort: 9100 } });
      const before = await rawFelix('node.worker-2');
      expect(await run(...APPLY)).toMatchObject({ code: 0, stderr: '' });
      expect((await rawFelix()).spec).toEqual({ natPortRange: '4790:65535' });
      expect(await rawFelix('node.worker-2')).toEqual(before);
      expect(await run('undo', '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(await felixNames()).toEqual(['node.worker-2']);
      expect(await rawFelix('node.worker-2')).toEqual(before);
    });

    it('leaves nodes alone that have a range of their own, and can be for some nodes only', async () => {
      await makeCalico(admin(), { name: 'node.worker-4', spec: { natPortRange: '20000:65535' } });
      const own = await rawFelix('node.worker-4');
      const applied = await run(...APPLY);
      expect(applied.code).toBe(0);
      expect(applied.stdout).toContain('worker-4 keeps its own: FelixConfiguration node.worker-4');
      expect(applied.stdout).toContain('3 of 3 nodes verified');
      expect(await rawFelix('node.worker-4')).toEqual(own);
      const one = await run('apply', '--nat-port-range', '5000:65535', '--node', 'worker-4', '--yes');
      expect(one.code).toBe(0);
      expect((await rawFelix('node.worker-4')).spec).toEqual({ natPortRange: '5000:65535' });
      expect((await rawFelix()).spec['natPortRange']).toBe('4790:65535');
      expect((await run('undo', '--yes')).code).toBe(0);
      expect(await rawFelix('node.worker-4')).toEqual(own);
    });

    it('has nothing to do where the range stands already', async () => {
      const again = await run('apply', '--nat-port-range', '32768:65535', '--yes');
      expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to change') });
    });

    it.each(['client', 'server'])('stores nothing in a dry run of the %s', async (where) => {
      const before = await rawFelix();
      const dry = await run('apply', '--nat-port-range', '4790:65535', '--dry-run', where, '-o', 'json');
      expect(dry).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(dry.stdout)).toMatchObject({
        schema: 'portolan.dev/output/change-preview/v1',
        changes: [{ object: 'FelixConfiguration default', from: '"32768:65535"', to: '"4790:65535"' }],
      });
      expect(await rawFelix()).toEqual(before);
      expect(await felixNames()).toEqual(['default']);
    });

    it('prints its journal for programs', async () => {
      const applied = await run(...APPLY, '-o', 'json');
      expect(JSON.parse(applied.stdout)).toMatchObject({ schema: 'portolan.dev/output/change/v1', state: 'done' });
      const status = JSON.parse((await run('status', '-o', 'json')).stdout);
      expect(status).toMatchObject({ lock: null, changes: expect.arrayContaining([JSON.parse(applied.stdout)]) });
    });
  });

  describe('that is refused', () => {
    it.each([
      ['32768-65535', 'would be taken for the name of a port', 'write 32768:65535'],
      ['1024', 'is a single port', 'write FIRST:LAST'],
      ['512:65535', '512 is below 1024', 'begin at 1024 or above'],
      ['70000:1', 'cannot be decoded', 'write FIRST:LAST'],
      ['none', 'switches the range off', 'take the field out'],
    ])('for the text %s', async (text, why, hint) => {
      const before = await rawFelix();
      const { code, stderr } = await run('apply', '--nat-port-range', text, '--yes');
      expect([code, stderr]).toEqual([1, expect.stringContaining(why)]);
      expect(stderr).toContain(`hint: ${hint}`);
      expect(await rawFelix()).toEqual(before);
    });

    it('by a variable of calico-node that rules over every object', async () => {
      await removeDaemonSets(admin());
      await makeCalicoNode(admin(), [{ name: 'FELIX_NATPORTRANGE', value: '32768:65535' }]);
      const { code, stderr } = await run(...APPLY);
      await removeDaemonSets(admin());
      await makeCalicoNode(admin(), []);
      expect([code, stderr]).toEqual([1, expect.stringContaining('variable FELIX_NATPORTRANGE of calico-node says')]);
    });

    it('by an annotation, without natOutgoing, and by the VXLAN port, all at once', async () => {
      await patchFelix('default', {
        metadata: { annotations: { 'config.projectcalico.org/NATPortRange': '40000:65535' } },
      });
      const pools = calicoPath('crd.projectcalico.org', 'IPPool');
      const body = { spec: { natOutgoing: false, vxlanMode: 'Always' } };
      const contentType = 'application/merge-patch+json';
      await expectAnswer(admin(), { method: 'PATCH', path: `${pools}/pods`, body, contentType }, 200);
      const { code, stderr } = await run('apply', '--nat-port-range', '1025:65535', '--yes');
      expect(code).toBe(1);
      for (const why of ['annotation', 'No IPPool has natOutgoing', "VXLAN's port"]) expect(stderr).toContain(why);
    });

    it('by a load balancer with direct server return, unless it is accepted by its name', async () => {
      const services = '/api/v1/namespaces/default/services';
      const body = {
        metadata: {
          name: 'lb',
          annotations: { 'service.kubernetes.io/ibm-load-balancer-cloud-provider-enable-features': 'nlb' },
        },
        spec: { type: 'LoadBalancer', ports: [{ port: 443, nodePort: 31_313 }] },
      };
      await expectAnswer(admin(), { method: 'POST', path: services, body }, 201);
      try {
        const refused = await run(...APPLY);
        expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('1 in 60,700 egress connections') });
        expect(refused.stderr).toContain('--accept-conflict default/lb');
        expect((await run(...APPLY, '--accept-conflict', 'default/lb')).code).toBe(0);
      } finally {
        await expectAnswer(admin(), { method: 'DELETE', path: `${services}/lb` }, 200);
      }
      expect((await run('undo', '--yes')).code).toBe(0);
    });

    it('without a yes where nobody can be asked', async () => {
      const before = await rawFelix();
      const { code, stderr } = await run('apply', '--nat-port-range', '4790:65535');
      expect([code, stderr]).toEqual([1, expect.stringContaining('--yes says it for a script')]);
      expect(await rawFelix()).toEqual(before);
    });

    it('where nothing of the first node can be seen, unless that is asked for', async () => {
      const blind = { seen: false, why: 'forbidden' } as const;
      nodes.broken.set('worker-1', () => ({ rule: blind, felix: blind, flows: blind }));
      const { code, stderr } = await run(...APPLY);
      expect([code, stderr]).toEqual([1, expect.stringContaining('Cannot verify worker-1: forbidden')]);
      expect(await run(...APPLY, '--verify', 'none')).toMatchObject({ code: 0 });
      expect((await run('undo', '--yes')).code).toBe(0);
    });
  });

  describe('that a node does not bear out', () => {
    it('is taken back when Felix never becomes ready', async () => {
      const before = await rawFelix();
      nodes.broken.set('worker-3', (look) => ({
        ...look,
        felix: {
          seen: true,
          value: { isReady: false, pod: 'kube-system/calico-3', said: { seen: true, value: undefined } },
        },
      }));
      const { code, stdout, stderr } = await run(...APPLY);
      expect(code).toBe(1);
      expect(stdout).toContain('worker-3   ✗ not within 120 s: calico-node kube-system/calico-3 is not ready');
      expect(stderr).toContain('everything was taken back');
      expect(await rawFelix()).toEqual(before);
      expect(await felixNames()).toEqual(['default']);
      const status = await run('status', idIn({ code, stdout, stderr }));
      expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('taken back') });
    });

    it.each([
      [
        'the rule stays as it was',
        { tcp: { first: 32_768, last: 65_535 }, udp: { first: 32_768, last: 65_535 } },
        'rule 32768-65535',
      ],
      ['only TCP gets the range', { tcp: { first: 4790, last: 65_535 }, udp: undefined }, 'no range for UDP'],
      [
        'another rule comes first',
        {
          tcp: { first: 4790, last: 65_535 },
          udp: { first: 4790, last: 65_535 },
          takenBefore: 'MASQUERADE of flannel',
        },
        'MASQUERADE of flannel takes the egress of pods first',
      ],
    ])('is taken back when %s', async (_, rule, why) => {
      const before = await rawFelix();
      nodes.broken.set('worker-1', (look) => ({
        ...look,
        rule: { seen: true, value: { nodePortPlane: 'unknown', ...rule } },
      }));
      const { code, stderr } = await run(...APPLY);
      expect([code, stderr]).toEqual([1, expect.stringContaining(why)]);
      expect(await rawFelix()).toEqual(before);
      expect(await felixNames()).toEqual(['default']);
    });

    it('is taken back when new flows go on with ports outside', async () => {
      let flow = 0;
      nodes.broken.set('worker-1', (look) => ({
        ...look,
        flows: { seen: true, value: new Map([[`outside ${(flow += 1)}`, 1024]]) },
      }));
      const { code, stderr } = await run(...APPLY);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining('1 of 1 new flows left with a port outside the range'),
      ]);
      expect(await felixNames()).toEqual(['default']);
    });

    it('is done, and says so, when only Felix can be seen', async () => {
      for (const node of NODES)
        nodes.broken.set(node, (look) => ({
          ...look,
          rule: { seen: false, why: 'exec is forbidden' },
          flows: { seen: false, why: 'exec is forbidden' },
        }));
      const { code, stdout, stderr } = await run(...APPLY);
      expect(code).toBe(3);
      expect(stderr).toContain('the rules of worker-1 cannot be read (exec is forbidden)');
      expect(stdout).toMatch(/by Felix's own word .*; their kernels were not seen\.\n$/);
      expect((await run('undo', '--yes')).code).toBe(0);
    });
  });

  describe('among other writers', () => {
    it('keeps what they wrote to other fields in between', async () => {
      let wrote = false;
      nodes.onLook = async (node) => {
        if (node !== 'worker-2' || wrote) return;
        wrote = true;
        await patchFelix('default', { spec: { vxlanPort: 4800 } });
        await patchFelix('node.worker-1', { spec: { healthPort: 9111 } });
      };
      expect(await run(...APPLY)).toMatchObject({ code: 0, stderr: '' });
      expect((await rawFelix()).spec).toEqual({ natPortRange: '4790:65535', healthPort: 9099, vxlanPort: 4800 });
      // Made by the change, but someone else has put something into it.
      expect((await rawFelix('node.worker-1')).spec).toEqual({ healthPort: 9111 });
      const undone = await run('undo', '--yes');
      expect(undone.code).toBe(1);
      expect(undone.stderr).toContain('node.worker-1: someone else wrote to it');
      expect((await rawFelix()).spec).toEqual({ natPortRange: '32768:65535', healthPort: 9099, vxlanPort: 4800 });
    });

    it('stops when they write the range itself, and leaves their value when it is undone', async () => {
      nodes.onLook = async (node) => {
        if (node === 'worker-4') await patchFelix('default', { spec: { natPortRange: '10000:65535' } });
      };
      const stopped = await run(...APPLY);
      expect(stopped.code).toBe(1);
      expect(stopped.stderr).toContain(
        'Cannot write FelixConfiguration default: spec.natPortRange is "10000:65535" now, written by',
      );
      expect(stopped.stderr).toContain('not done: ');
      const id = idIn(stopped);
      expect(await run('status')).toMatchObject({ code: 2, stdout: expect.stringContaining('stopped, waits for you') });
      expect(await run(...APPLY)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`change ${id} is not finished`),
      });
      nodes.onLook = () => Promise.resolve();
      const undone = await run('undo', id, '--yes');
      expect(undone.code).toBe(1);
      expect(undone.stderr).toContain('natPortRange is "10000:65535" now, which this change did not write');
      expect(await felixNames()).toEqual(['default']);
      expect((await rawFelix()).spec['natPortRange']).toBe('10000:65535');
      expect((await run('status')).code).toBe(0);
    });

    it('is judged again when an annotation appears that would rule instead', async () => {
      nodes.onLook = async (node) => {
        if (node === 'worker-4')
          await patchFelix('default', {
            metadata: { annotations: { 'config.projectcalico.org/NATPortRange': '40000:65535' } },
          });
      };
      const stopped = await run(...APPLY);
      expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('annotation')]);
      expect((await rawFelix()).spec['natPortRange']).toBe('32768:65535');
      // These nodes know nothing of annotations: none would be seen to follow.
      expect((await run('undo', '--yes', '--verify', 'none')).code).toBe(0);
      expect(await felixNames()).toEqual(['default']);
    });

    it('lets one of two changes at once go on', async () => {
      const both = await Promise.all([run(...APPLY), run('apply', '--nat-port-range', '6000:65535', '--yes')]);
      const codes = both.map(({ code }) => code ?? -1).toSorted((left, right) => left - right);
      expect(codes).toEqual([0, 1]);
      expect(both.find(({ code }) => code === 1)?.stderr).toMatch(/is not finished|of another program/);
      expect(await felixNames()).toEqual(['default']);
      const winner = both[0]?.code === 0 ? '4790:65535' : '6000:65535';
      expect((await rawFelix()).spec['natPortRange']).toBe(winner);
      expect((await run('status')).code).toBe(0);
    });
  });

  describe('without a right', () => {
    const READ: readonly PolicyRule[] = [
      { apiGroups: [''], resources: ['nodes', 'services', 'pods'], verbs: ['list'] },
      { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['list'] },
      {
        apiGroups: ['crd.projectcalico.org'],
        resources: ['felixconfigurations', 'ippools', 'clusterinformations'],
        verbs: ['get', 'list'],
      },
    ];
    const journal = (...verbs: string[]): PolicyRule => ({ apiGroups: [''], resources: ['configmaps'], verbs });
    const felix = (...verbs: string[]): PolicyRule => ({
      apiGroups: ['crd.projectcalico.org'],
      resources: ['felixconfigurations'],
      verbs,
    });

    async function runAs(rules: readonly PolicyRule[], ...words: string[]): Promise<Said> {
      const { access } = await newRestrictedUser(admin(), [...READ, ...rules]);
      return withKubeconfig(access, (kubeconfig) => change(words, { kubeconfig, witness: nodes }));
    }

    it('to the journal, it is not begun', async () => {
      const before = await rawFelix();
      const none = await runAs([felix('create', 'update')], ...APPLY);
      expect(none).toMatchObject({ code: expect.any(Number), stderr: expect.stringContaining('configmaps') });
      expect(none.code).not.toBe(0);
      const readOnly = await runAs([felix('create', 'update'), journal('get', 'list')], ...APPLY);
      expect(readOnly).toMatchObject({ code: 1, stderr: expect.stringContaining('create configmaps') });
      expect(await rawFelix()).toEqual(before);
      expect(await felixNames()).toEqual(['default']);
    });

    it('to write a FelixConfiguration, it is not begun', async () => {
      const writer = [journal('get', 'list', 'create', 'update')];
      const noCreate = await runAs([...writer, felix('update')], ...APPLY);
      expect(noCreate).toMatchObject({ stderr: expect.stringContaining('create felixconfigurations') });
      const noUpdate = await runAs([...writer, felix('create')], ...APPLY);
      expect(noUpdate).toMatchObject({ stderr: expect.stringContaining('update felixconfigurations') });
      expect(await felixNames()).toEqual(['default']);
      expect((await run('status')).code).toBe(0);
    });

    it('to remove one, it empties what it made', async () => {
      const applied = await runAs([journal('get', 'list', 'create', 'update'), felix('create', 'update')], ...APPLY);
      expect(applied.code).toBe(0);
      expect((await rawFelix('node.worker-1')).spec).toEqual({});
      expect((await rawFelix()).spec['natPortRange']).toBe('4790:65535');
    });
  });

  it('says which change is not there', async () => {
    expect(await run('status', 'ffff')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Cannot find change ffff'),
    });
    expect(await run('undo', 'ffff', '--yes')).toMatchObject({ code: 1 });
    expect(await run('undo', 'not-an-id')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the id of a change'),
    });
  });

  it('does not write what a tampered journal says', async () => {
    const applied = await run(...APPLY);
    const path = `/api/v1/namespaces/portolan/configmaps/portolan-change-${idIn(applied)}`;
    const stored = await expectAnswer(admin(), { path }, 200);
    const text = String(valueAt(stored, 'data', 'change.json')).replace('"natPortRange"', '"bpfEnabled"');
    const body = { data: { 'change.json': text } };
    await expectAnswer(admin(), { method: 'PATCH', path, body, contentType: 'application/merge-patch+json' }, 200);
    const undone = await run('undo', idIn(applied), '--yes');
    expect(undone).toMatchObject({ code: 1, stderr: expect.stringContaining('no such field') });
    expect((await rawFelix()).spec).toEqual({ natPortRange: '4790:65535', healthPort: 9099 });
    expect((await run('status')).stderr).toContain('holds no journal that can be read');
    await apiRequest(admin(), { method: 'DELETE', path });
  });
});
