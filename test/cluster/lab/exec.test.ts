// Exec through the API server into the nodes of a lab: what comes back is what the kernel shows there, and every way it can fail.
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { accessAs } from '../api-access.ts';
import { apiRequest, expectAnswer, valueAt } from '../api-request.ts';
import { ScratchFolder } from '../scratch-folder.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { until } from '../until.ts';
import { type ExecOptions, type ExecResult, execInPod, exitCodeOf, type PodPlace } from './exec-in-pod.ts';
import { LabCluster } from './lab-cluster.ts';

/** What `cat` prints for megabytes on end. */
const MEGABYTE = 1 << 20;

describeCluster('exec into calico-node', () => {
  let cluster: LabCluster;
  const scratch = new ScratchFolder('portolan-exec-');
  beforeAll(async () => {
    cluster = await LabCluster.start(sharedCluster(), { nodes: 2 });
  });
  afterEach(() => cluster.node(0).setKubeletFault({}));
  afterAll(async () => {
    scratch.remove();
    await cluster.close();
  });

  function exec(command: readonly string[], options: ExecOptions & { place?: PodPlace } = {}): Promise<ExecResult> {
    return execInPod(cluster.admin, options.place ?? cluster.node(0).calicoNode, command, options);
  }

  function plant(bytes: Buffer): string {
    const path = join(scratch.path, 'planted');
    writeFileSync(path, bytes, { mode: 0o644 });
    return path;
  }

  it('shows the conntrack table of its own node', async () => {
    const [first, second] = [cluster.node(0), cluster.node(1)];
    const target = { remoteAddress: cluster.server(0).addresses[0] ?? '', remotePort: 443 };
    await first.hold({ ...target, snatPorts: Uint16Array.from({ length: 500 }, (_, index) => 40_000 + index) });
    const { stdout, stderr, status } = await exec(['cat', '/proc/net/nf_conntrack']);
    expect({ code: exitCodeOf(status), stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.toString('utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(500);
    expect(lines.map(withoutTimes).toSorted()).toEqual(
      first.host.print('cat', '/proc/net/nf_conntrack').trimEnd().split('\n').map(withoutTimes).toSorted(),
    );
    const other = await exec(['cat', '/proc/net/nf_conntrack'], { place: second.calicoNode });
    expect({ code: exitCodeOf(other.status), text: other.stdout.toString() }).toEqual({ code: 0, text: '' });
    expect(second.host.print('cat', '/proc/net/nf_conntrack')).toBe('');
  });

  it.each([
    ['rules of nf_tables', ['nft', '-j', 'list', 'table', 'ip', 'calico']],
    ['sysctls', ['cat', '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait']],
    ['counters', ['cat', '/proc/net/stat/nf_conntrack']],
    ['addresses', ['ip', '-o', 'address']],
  ])('shows the %s of its node', async (_, command) => {
    const [program = '', ...args] = command;
    const { stdout, status } = await exec(command);
    expect(exitCodeOf(status)).toBe(0);
    const text = stdout.toString('utf8');
    expect(text).toBe(cluster.node(0).host.print(program, ...args));
    expect(text.length).toBeGreaterThan(3);
  });

  it('has the programs of its image and no others', async () => {
    const { stdout, status } = await exec(['ss', '-tln']);
    expect(stdout.toString()).toBe('');
    expect(status).toMatchObject({ status: 'Failure', reason: 'InternalError' });
    expect(status?.message).toContain('exec: "ss": executable file not found in $PATH');
    expect(exitCodeOf(status)).toBeUndefined();
    const inShell = await exec(['sh', '-c', 'ss -tln']);
    expect(exitCodeOf(inShell.status)).toBe(127);
    expect(inShell.stderr).toContain('ss: not found');
    expect(exitCodeOf((await exec(['/bin/sh', '-c', 'conntrack -C'])).status)).toBe(0);
  });

  it.each([
    ['an exit code', 'echo one; echo two >&2; exit 7', { code: 7, stdout: 'one\n', stderr: 'two\n' }],
    ['a signal, as shells count it', 'echo one; kill -9 $$', { code: 137, stdout: 'one\n', stderr: '' }],
  ])('passes on %s', async (_, script, wanted) => {
    const { status, stdout, stderr } = await exec(['sh', '-c', script]);
    expect({ code: exitCodeOf(status), stdout: stdout.toString(), stderr }).toEqual(wanted);
  });

  it('passes standard input on, to its end', async () => {
    const { stdout, status } = await exec(['cat'], { stdin: Readable.from([Buffer.from('a '), Buffer.from('word')]) });
    expect({ code: exitCodeOf(status), text: stdout.toString() }).toEqual({ code: 0, text: 'a word' });
  });

  it('passes 20 MB on, byte for byte', async () => {
    const bytes = randomBytes(20 * MEGABYTE);
    const { stdout, status } = await exec(['cat', plant(bytes)]);
    expect(exitCodeOf(status)).toBe(0);
    expect(stdout.length).toBe(bytes.length);
    expect(sha256(stdout)).toBe(sha256(bytes));
  });

  it('holds a command back whose reader does not read, and ends it when the reader is gone', async () => {
    const stop = new AbortController();
    let isPaused = false;
    const running = exec(['cat', '/dev/zero'], {
      signal: stop.signal,
      onOutput: (_, socket) => {
        isPaused = true;
        socket.pause();
      },
    });
    await until('the reader has stopped', () => isPaused);
    let before = -1;
    await until('the command is held back', async () => {
      const now = bytesWritten('cat\0/dev/zero\0');
      const isHeld = now === before;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return isHeld;
    });
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(100 * MEGABYTE);
    stop.abort();
    await running;
    await until('the command has ended', () => bytesWritten('cat\0/dev/zero\0') === 0);
  });

  it('says what was asked of a node', async () => {
    const before = (await cluster.node(1).executed()).length;
    const place = cluster.node(1).calicoNode;
    await exec(['cat', '/proc/version'], { place });
    await exec(['ss'], { place });
    const container = `${place.namespace}/${place.pod}/calico-node`;
    expect((await cluster.node(1).executed()).slice(before)).toEqual([
      { container, command: ['cat', '/proc/version'] },
      { container, command: ['ss'] },
    ]);
  });

  it('is refused for a pod that its kubelet does not know', async () => {
    const { workload, name } = cluster.node(0).pod(0);
    const place = { namespace: workload.namespace, pod: name, container: 'main' };
    const { status } = await exec(['cat', '/proc/version'], { place });
    expect(status?.message).toContain('pod does not exist');
  });

  it('belongs to the API server alone', async () => {
    const { port, path } = await kubeletOf(cluster, cluster.node(0).name);
    const kubelet = { ...cluster.admin, server: `https://127.0.0.1:${port}` };
    const nobody = await apiRequest(accessAs(kubelet, { anonymous: true }), { method: 'POST', path });
    expect(nobody).toEqual({ status: 401, body: 'Unauthorized\n' });
    const admin = await apiRequest(kubelet, { method: 'POST', path });
    expect(admin).toMatchObject({ status: 403, body: expect.stringContaining('user=admin') });
  });

  it('fails at once where nobody listens, and works again when somebody does', async () => {
    await cluster.node(0).setKubeletFault({ refuse: true });
    const { status } = await exec(['cat', '/proc/version']);
    expect(status?.message).toContain('connection refused');
    const other = await exec(['cat', '/proc/version'], { place: cluster.node(1).calicoNode });
    expect(exitCodeOf(other.status)).toBe(0);
    await cluster.node(0).setKubeletFault({});
    expect(exitCodeOf((await exec(['cat', '/proc/version'])).status)).toBe(0);
  });

  it('comes to nothing while its node says nothing', async () => {
    await cluster.node(0).setKubeletFault({ silent: true });
    const before = await cluster.node(0).connections();
    let isOver = false;
    const running = exec(['cat', '/proc/version']).finally(() => {
      isOver = true;
    });
    await until('the API server has connected', async () => (await cluster.node(0).connections()) > before);
    expect(isOver).toBe(false);
    await cluster.node(0).setKubeletFault({});
    expect(exitCodeOf((await running).status)).toBeUndefined();
  });

  it('hangs where the command never starts', async () => {
    await cluster.node(0).setKubeletFault({ hang: true });
    const before = (await cluster.node(0).executed()).length;
    let isOver = false;
    const running = exec(['cat', '/proc/version']).finally(() => {
      isOver = true;
    });
    await until('the command is asked for', async () => (await cluster.node(0).executed()).length > before);
    expect(isOver).toBe(false);
    await cluster.node(0).setKubeletFault({});
    const { status, stdout } = await running;
    expect({ code: exitCodeOf(status), text: stdout.toString() }).toEqual({ code: undefined, text: '' });
    expect(status?.message).toContain('it hung');
  });

  it('is slow where its node is', async () => {
    await cluster.node(0).setKubeletFault({ delayMilliseconds: 300, bytesPerSecond: MEGABYTE });
    const bytes = randomBytes(MEGABYTE / 4);
    const startedAt = performance.now();
    const { stdout, status } = await exec(['cat', plant(bytes)]);
    expect(exitCodeOf(status)).toBe(0);
    expect(sha256(stdout)).toBe(sha256(bytes));
    expect(performance.now() - startedAt).toBeGreaterThan(300 + 250 - 20);
  });

  // client-go takes an error stream that ends empty for a success, and the API server is its client here: an exit code of 0
  // does not say that the output is whole.
  it('is called a success when its node dies in the middle of the output', async () => {
    await cluster.node(0).setKubeletFault({ breakAfterBytes: MEGABYTE });
    const bytes = randomBytes(4 * MEGABYTE);
    const { stdout, status } = await exec(['cat', plant(bytes)]);
    expect(exitCodeOf(status)).toBe(0);
    expect(stdout.length).toBeLessThanOrEqual(MEGABYTE);
    expect(bytes.subarray(0, stdout.length).equals(stdout)).toBe(true);
  });
});

/** Seconds left run down between two readings. */
function withoutTimes(line: string): string {
  return line.replace(/^(\S+ +\d+ \S+ +\d+) \d+/, '$1');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What processes of this command line have written so far; 0 when there is none. */
function bytesWritten(commandLine: string): number {
  const written = readdirSync('/proc').map((pid) => {
    try {
      const isOurs = readFileSync(`/proc/${pid}/cmdline`, 'utf8').endsWith(commandLine);
      return isOurs ? Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]) : 0;
    } catch {
      return 0;
    }
  });
  return written.reduce((sum, bytes) => sum + bytes, 0);
}

/** Where the API server finds a node's kubelet, and what it asks there. */
async function kubeletOf({ admin, nodes }: LabCluster, name: string): Promise<{ port: number; path: string }> {
  const node = await expectAnswer(admin, { path: `/api/v1/nodes/${name}` }, 200);
  const port = Number(valueAt(node, 'status', 'daemonEndpoints', 'kubeletEndpoint', 'Port'));
  const place = nodes.find((each) => each.name === name)?.calicoNode;
  const path = `/exec/${place?.namespace}/${place?.pod}/${place?.container}?command=cat&output=1`;
  return { port, path };
}
