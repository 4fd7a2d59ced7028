// A whole cluster in one bundle, through its real API server and exec into real nodes: what it says is what a look says.
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KeyedHash } from '../../src/core/redact/keyed-hash.ts';
import { Pseudonyms } from '../../src/core/redact/pseudonyms.ts';
import { ALL_NODES } from '../../src/dumps/bundle/choose-nodes.ts';
import { readBundle } from '../bundle/bundle-fixture.ts';
import { expectAnswer, valueAt } from './api-request.ts';
import { LabCluster } from './lab/lab-cluster.ts';
import { portolanAs } from './portolan-run.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const SOME = Uint16Array.from({ length: 3000 }, (_, index) => 40_000 + index);

/** They pass between two looks. */
const TIMES = /"(?:timeoutSeconds|atLeastSecondsOld)":(?:\d+|null),?/g;

/** Of a node, which may begin like a node's real name. */
const PSEUDONYM = /\bnode-[bcdfghjkmnpqrstvwxz2-9]{9}\b/g;

/** A key with which the pseudonym of a node looks so. */
function keyWhere(node: string, wanted: RegExp): string {
  for (let index = 0; ; index += 1) {
    const key = String(index).padStart(32, '0');
    const hash: KeyedHash = (text) => createHmac('sha256', key).update(text).digest();
    if (wanted.test(new Pseudonyms(hash).node(node))) return key;
  }
}

describeCluster('portolan collect in a cluster', () => {
  let lab: LabCluster;
  const folder = mkdtempSync(join(tmpdir(), 'portolan-cluster-bundle-'));
  beforeAll(async () => {
    lab = await LabCluster.start(sharedCluster(), { nodes: 2, podsPerNode: 9 });
    const remoteAddress = lab.server(0).addresses[0] ?? '';
    const sources = lab
      .node(0)
      .pods.flatMap(({ workload, address }) => (workload.name === 'checkout' ? [address] : []));
    await lab.node(0).hold({ remoteAddress, remotePort: 443, snatPorts: SOME, sources });
  }, 120_000);
  afterAll(async () => {
    await lab.close();
    rmSync(folder, { recursive: true });
  });

  async function collected(name: string, ...words: readonly string[]): Promise<string> {
    const path = join(folder, name);
    const { code, stdout, stderr } = await portolanAs(lab.admin, 'collect', '--for', '0.1s', '-o', path, ...words);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('2 nodes: ');
    expect(stdout).toContain(`Next: portolan diagnose ${path}\n`);
    return path;
  }

  const podsOf = (name: string): string[] =>
    lab.nodes.flatMap((node) => (node.name === name ? node.pods.map((pod) => pod.name) : []));

  const spaces = (json: string): unknown => {
    const rows = valueAt(JSON.parse(json), 'portSpaces');
    if (!Array.isArray(rows)) throw new Error(json);
    return rows.map((row: unknown) => [valueAt(row, 'usedPorts'), valueAt(row, 'verdict'), valueAt(row, 'holders')]);
  };

  it('says of each node what a look at it says, with the same workloads', async () => {
    const path = await collected('whole.tgz');
    for (const node of ['node-1', 'node-2']) {
      const live = await portolanAs(lab.admin, 'diagnose', '--node', node, '--for', '0.1s', '-o', 'json');
      const saved = await portolanAs(lab.admin, 'diagnose', path, '--node', node, '-o', 'json');
      expect(saved.code).toBe(live.code);
      expect(spaces(saved.stdout)).toEqual(spaces(live.stdout));
    }
    const { cluster, nodes } = await readBundle(readFileSync(path), ALL_NODES);
    expect(cluster?.nodes).toMatchObject({ seen: true, value: [{ name: 'node-1' }, { name: 'node-2' }] });
    for (const { node, pods } of nodes)
      expect(pods?.map(({ name }) => name)).toEqual(expect.arrayContaining(podsOf(node)));
    const asked = await portolanAs(lab.admin, 'diagnose', path);
    for (const node of ['node-1', 'node-2']) expect(asked.stdout).toMatch(new RegExp(`^. ${node} `, 'm'));
    expect(asked.stdout).toContain('of 2 nodes');
  });

  it('is planned for and asked who holds a port as the cluster is', async () => {
    const path = await collected('asked.tgz');
    const plan = async (...words: readonly string[]): Promise<unknown> => {
      const { stdout } = await portolanAs(lab.admin, 'plan', ...words, '-o', 'json');
      const situation = valueAt(JSON.parse(stdout), 'situation');
      return ['subject', 'placement', 'load'].map((key) => valueAt(situation, key));
    };
    const [subject, placement, load] = (await plan(path)) as unknown[];
    expect([subject, placement]).toEqual(((await plan('--for', '0.1s')) as unknown[]).slice(0, 2));
    expect(subject).toBe('node node-1');
    expect(load).toMatchObject({ flows: SOME.length });
    const question = `${lab.node(0).address}:${SOME[7] ?? 0}`;
    const who = async (...words: readonly string[]): Promise<unknown> => {
      const { code, stdout } = await portolanAs(lab.admin, 'who', question, ...words, '-o', 'json');
      expect(code).toBe(0);
      return ['node', 'flows'].map((key) => JSON.stringify(valueAt(JSON.parse(stdout), key)).replaceAll(TIMES, ''));
    };
    expect(await who(path)).toEqual(await who());
  });

  it('holds no Secret, no annotation of others and no variable, and redacted no name', async () => {
    const planted = { metadata: { annotations: { 'acme.example/token': 'pl4nted' } } };
    const patch = { method: 'PATCH', contentType: 'application/merge-patch+json', body: planted } as const;
    await expectAnswer(lab.admin, { ...patch, path: '/api/v1/nodes/node-1' }, 200);
    const pod = lab.node(0).pods[0];
    await expectAnswer(
      lab.admin,
      { ...patch, path: `/api/v1/namespaces/${pod?.workload.namespace}/pods/${pod?.name}` },
      200,
    );
    const textOf = (path: string): string => gunzipSync(readFileSync(path)).toString('latin1');
    const plain = textOf(await collected('plain.tgz'));
    expect(plain).not.toContain('pl4nted');
    const key = join(folder, 'key');
    writeFileSync(key, keyWhere('node-1', /^node-2/));
    const redacted = await collected('redacted.tgz', '--redact-key', key);
    const text = textOf(redacted).replaceAll(PSEUDONYM, '');
    const names = [
      'checkout',
      'payments',
      'node-1',
      'node-2',
      ...lab.nodes.flatMap((node) => node.pods.map(({ name }) => name)),
    ];
    expect(names.filter((name) => plain.replaceAll(PSEUDONYM, '').includes(name))).toEqual(names);
    expect(['pl4nted', ...names].filter((name) => text.includes(name))).toEqual([]);
    const { manifest } = await readBundle(readFileSync(redacted), ALL_NODES);
    const first = manifest.nodes.find(({ flows }) => flows >= SOME.length)?.node ?? '';
    const saved = await portolanAs(lab.admin, 'diagnose', redacted, '--node', first, '-o', 'json');
    expect(saved.stdout).toContain(`"usedPorts": ${SOME.length}`);
  });

  it('names nodes that may not be read, and exits 3 where none is', async () => {
    const user = await newRestrictedUser(lab.admin, [
      { apiGroups: [''], resources: ['nodes', 'pods', 'services'], verbs: ['list'] },
    ]);
    const path = join(folder, 'forbidden.tgz');
    const { code, stdout } = await portolanAs(user.access, 'collect', '--for', '0.1s', '-o', path);
    expect(code).toBe(3);
    expect(stdout).toContain('Not seen: node node-1 (');
    const { cluster } = await readBundle(readFileSync(path), ALL_NODES);
    expect(cluster?.gaps.map(({ what }) => what)).toEqual(expect.arrayContaining(['node node-1', 'node node-2']));
  });
});
