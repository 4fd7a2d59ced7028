// Exec through the API server into the nodes of a lab: what comes back is what the kernel shows there, and every way it can fail.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { type ExecOptions, type ExecResult, execInPod, exitCodeOf } from './exec-in-pod.ts';
import { LabCluster } from './lab-cluster.ts';

describeCluster('exec into calico-node', () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start(sharedCluster(), { nodes: 2 });
  });
  afterAll(() => cluster.close());

  function exec(command: readonly string[], options: ExecOptions & { node?: number } = {}): Promise<ExecResult> {
    return execInPod(cluster.admin, cluster.node(options.node ?? 0).calicoNode, command, options);
  }

  it('shows the conntrack table of its own node', async () => {
    const [first, second] = [cluster.node(0), cluster.node(1)];
    const target = { remoteAddress: cluster.server(0).addresses[0] ?? '', remotePort: 443 };
    await first.hold({ ...target, snatPorts: Uint16Array.from({ length: 500 }, (_, index) => 40_000 + index) });
    const { stdout, status } = await exec(['cat', '/proc/net/nf_conntrack']);
    expect(exitCodeOf(status)).toBe(0);
    const lines = stdout.toString('utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(500);
    expect(lines.map(withoutTimes).toSorted()).toEqual(
      first.host.print('cat', '/proc/net/nf_conntrack').trimEnd().split('\n').map(withoutTimes).toSorted(),
    );
    expect((await exec(['cat', '/proc/net/nf_conntrack'], { node: 1 })).stdout.toString()).toBe('');
    expect(second.host.print('cat', '/proc/net/nf_conntrack')).toBe('');
  });
});

/** Seconds left run down between two readings. */
function withoutTimes(line: string): string {
  return line.replace(/^(\S+ +\d+ \S+ +\d+) \d+/, '$1');
}
