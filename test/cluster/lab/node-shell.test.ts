// Commands on the nodes of a lab as Portolan runs them: a true API server, a kubelet, the kernel; and what happens when one fails.
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { NodeShell, ShellEnd } from '../../../src/kube/exec/node-shell.ts';
import { openNodeShells, type NodeShells } from '../../../src/kube/exec/open-node-shells.ts';
import { withClient } from '../kube-client.ts';
import { ScratchFolder } from '../scratch-folder.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { LabCluster } from './lab-cluster.ts';

const MEGABYTE = 1 << 20;
const { signal } = new AbortController();

describeCluster('a shell on a node', () => {
  let cluster: LabCluster;
  const scratch = new ScratchFolder('portolan-node-shell-');
  beforeAll(async () => {
    cluster = await LabCluster.start(sharedCluster(), { nodes: 2 });
  });
  afterEach(() => cluster.node(0).setKubeletFault({}));
  afterAll(async () => {
    scratch.remove();
    await cluster.close();
  });

  function withShells<Result>(use: (shells: NodeShells) => Promise<Result>): Promise<Result> {
    return withClient(cluster.admin, async (client) => use(await openNodeShells(client, { signal })));
  }

  interface Output {
    readonly bytes: Buffer;
    readonly end: ShellEnd;
  }

  function run(command: readonly string[], { index = 0, timeoutSeconds = 30 } = {}): Promise<Output> {
    return withShells(async ({ shells }) => {
      const shell: NodeShell | undefined = shells.get(cluster.node(index).name);
      const chunks: Buffer[] = [];
      const stdout = (chunk: Uint8Array): void => void chunks.push(Buffer.from(chunk));
      const end = await shell?.run(command, { stdout, signal, timeoutSeconds });
      if (end === undefined) throw new Error(`no shell on ${cluster.node(index).name}`);
      return { bytes: Buffer.concat(chunks), end };
    });
  }

  function plant(bytes: Buffer): string {
    const path = join(scratch.path, 'planted');
    writeFileSync(path, bytes, { mode: 0o644 });
    return path;
  }

  it('is there for every node, in calico-node', async () => {
    await withShells(({ shells }) => {
      const places = [...shells].map(([node, { place }]) => `${node}: ${place}`);
      const wanted = cluster.nodes.map(
        ({ name, calicoNode }) => `${name}: pod ${calicoNode.namespace}/${calicoNode.pod}, container calico-node`,
      );
      expect(places.toSorted()).toEqual(wanted.toSorted());
      return Promise.resolve();
    });
  });

  it('shows what its own node shows, and no other', async () => {
    for (const [index, node] of cluster.nodes.entries()) {
      const { bytes, end } = await run(['ip', '-o', 'address'], { index });
      expect(end).toEqual({ exitCode: 0, stderr: '' });
      expect(bytes.toString('utf8')).toBe(node.host.print('ip', '-o', 'address'));
    }
  });

  it('passes 20 MB on, byte for byte, and an exit code', async () => {
    const bytes = randomBytes(20 * MEGABYTE);
    const whole = await run(['cat', plant(bytes)]);
    expect([whole.end, sha256(whole.bytes)]).toEqual([{ exitCode: 0, stderr: '' }, sha256(bytes)]);
    const failed = await run(['cat', '/no/such/file']);
    expect(failed).toMatchObject({ end: { exitCode: 1, stderr: expect.stringContaining('No such file') } });
  });

  it('says when the image has no such program', async () => {
    await expect(run(['ss', '-tln'])).rejects.toMatchObject({ code: 'PTL_EXEC', facts: { reason: 'command-absent' } });
  });

  it('never takes a table that stops in the middle for a whole one', async () => {
    await cluster.node(0).setKubeletFault({ breakAfterBytes: MEGABYTE });
    await expect(run(['cat', plant(randomBytes(4 * MEGABYTE))])).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message: expect.stringContaining('wanted all of its output'),
      facts: { reason: 'cut' },
    });
  });

  it('says when its node is not reached; the others go on', async () => {
    await cluster.node(0).setKubeletFault({ refuse: true });
    await expect(run(['cat', '/proc/version'])).rejects.toMatchObject({
      code: 'PTL_EXEC',
      facts: { reason: 'node-away' },
    });
    expect((await run(['cat', '/proc/version'], { index: 1 })).end.exitCode).toBe(0);
  });

  it.each([
    ['says nothing', { silent: true }],
    ['never starts the command', { hang: true }],
    ['is too slow', { bytesPerSecond: 1024 }],
  ])('is given up after its time when its node %s', async (_, fault) => {
    await cluster.node(0).setKubeletFault(fault);
    const path = plant(randomBytes(MEGABYTE));
    await expect(run(['cat', path], { timeoutSeconds: 1 })).rejects.toMatchObject({
      code: 'PTL_EXEC',
      facts: { reason: 'timeout' },
    });
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
