// The live view of a cluster by its agents: one frame as text, and with keys from the nodes down to the pods behind a
// destination, on a terminal that is a variable.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TerminalEvents } from '../../../src/cli/top/terminal.ts';
import type { KeyName } from '../../../src/present/top/top-key.ts';
import { runInProcess } from '../../cli/run-in-process.ts';
import { withKubeconfig } from '../kube-client.ts';
import { portolanAs } from '../portolan-run.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { until } from '../until.ts';
import { LabAgents } from './lab-agents.ts';
import { LabCluster } from './lab-cluster.ts';

const NEARLY_ALL = Uint16Array.from({ length: 32_500 }, (_, index) => 32_768 + index);
const SIZE = { columns: 140, rows: 30 };

describeCluster('portolan top of a cluster', () => {
  let lab: LabCluster;
  let agents: LabAgents;
  beforeAll(async () => {
    lab = await LabCluster.start(sharedCluster(), { nodes: 2, podsPerNode: 3 });
    const remoteAddress = lab.server(0).addresses[0] ?? '';
    await lab.node(0).hold({ remoteAddress, remotePort: 443, snatPorts: NEARLY_ALL });
    agents = await LabAgents.install(lab.admin);
    await agents.start(lab.node(0));
  }, 120_000);
  afterAll(async () => {
    await agents.close();
    await lab.close();
  });

  it('prints each node at a glance, and which have no agent', async () => {
    const { code, stdout, stderr } = await portolanAs(
      lab.admin,
      'top',
      '--once',
      '--agent-namespace',
      agents.namespace,
    );
    expect([code, stderr]).toEqual([3, '']);
    const lines = stdout.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
    expect(lines[1]).toMatch(/^2 nodes: 1 (critical|warning), 1 unknown$/);
    expect(lines).toContain('? node-2 not read: no agent runs there');
    const row = lines.find((line) => / node-1 /.test(line)) ?? '';
    expect(row).toContain(' 32,500/32,768 - 0/s 32768-65535');
  });

  it('opens a node, a destination and its pods, and reads nothing by exec', async () => {
    const before = (await lab.node(0).executed()).length;
    let [screen, keys] = ['', undefined as TerminalEvents['onKey'] | undefined];
    const press = (name: KeyName): void => keys?.({ name });
    const shows = (text: string) => until(`the screen shows ${text}`, () => screen.includes(text));
    const code = withKubeconfig(lab.admin, async (kubeconfig) => {
      const words = ['top', '--agent-namespace', agents.namespace, '--interval', '1s'];
      const shown = runInProcess(words, {
        variables: { HOME: '/nonexistent', KUBECONFIG: kubeconfig, LANG: 'C.UTF-8' },
        stdinIsTerminal: true,
        stdout: { write: () => undefined, isTerminal: true, columns: SIZE.columns },
        sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
        takeTerminal: (events) => {
          keys = events.onKey;
          const write = (text: string): void => void (screen += text);
          return Promise.resolve({ size: () => SIZE, write, restore: () => undefined });
        },
      });
      await shows('2 nodes');
      press('enter');
      await shows(`Ports towards tcp ${lab.server(0).addresses[0]}:443`);
      press('enter');
      await shows('HELD BY');
      await shows(`payments/${lab.node(0).pod(0).name}`);
      press('enter');
      await shows('FREE IN');
      screen = '';
      keys?.({ name: 'text', text: 'q' });
      return (await shown).code;
    });
    expect(await code).toBe(0);
    const asked = (await lab.node(0).executed()).slice(before);
    expect(new Set(asked.map(({ command }) => command.join(' ')))).toEqual(new Set(['port-forward 9976']));
  });

  it('says what to do where there are no agents', async () => {
    const { code, stderr } = await portolanAs(lab.admin, 'top', '--once', '--agent-namespace', 'default');
    expect(code).toBe(3);
    expect(stderr).toContain('no agent runs in namespace default, wanted agents');
    expect(stderr).toContain('hint: portolan install');
  });
});
