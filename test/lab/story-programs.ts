// The stories' claims about the kernel itself, tried apart from any diagnosis.
import { enterNetns } from '../../src/kernel/netns/network-namespace.ts';
import { setRange } from '../../src/lab/lab.ts';
import { openScenario, type RunningScenario } from '../../src/lab/open-scenario.ts';
import { oracle } from './run-isolated.ts';

/** Which SNAT ports of which flows are unanswered when the network rewrites NodePort 30080. */
export function rewrittenPort(): Promise<unknown> {
  return during('dsr-rewrite', (run) => {
    const lines = listFlows(run);
    const port = (line: string): number => Number(/sport=443 dport=(\d+)/.exec(line)?.[1]);
    const unanswered = lines.filter((line) => line.includes('[UNREPLIED]')).map(port);
    const answered = lines.filter((line) => !line.includes('[UNREPLIED]')).map(port);
    return { unanswered: unanswered.length, ports: [...new Set(unanswered)], answered: answered.length };
  });
}

/** UDP queries through a range of exactly one port: the untracked one, then its neighbour. */
export function untrackedPort(): Promise<unknown> {
  return during('untracked-vxlan-port', async ({ stage }) => {
    const query = { address: stage.remote, port: 53, concurrency: 1, count: 1, timeoutMs: 1500 };
    const answered: Record<number, number> = {};
    for (const port of [4789, 4790]) {
      await setRange(stage.node, { range: { first: port, last: port } });
      await stage.node.host.run('flush-flows');
      answered[port] = (await stage.pod(0).host.run('udp-query', query)).answered;
    }
    return answered;
  });
}

/** A datagram from the peer's one socket to the NodePort that the pod's flow holds, and to the one it does not hold. */
export function sameRemote(): Promise<unknown> {
  return during('nodeport-same-remote-tuple', async (run) => {
    const before = listFlows(run);
    await run.stage.server.host.run('raw-send', {
      protocol: 17,
      source: run.stage.remote,
      destination: run.stage.node.address,
      destinationPort: 30_060,
      firstSourcePort: 5060,
      count: 1,
    });
    const after = listFlows(run);
    const held = after.find((line) => line.includes('dport=30060'));
    return { before: before.length, after: after.length, held };
  });
}

/** How many connects succeed once every port is in TIME_WAIT, on this kernel and in old-kernel mode. */
export async function timeWait(): Promise<unknown> {
  const opened = async (name: string) =>
    during(name, async ({ stage }) => {
      const target = { address: stage.remote, port: 443, concurrency: 10, count: 20, timeoutMs: 1500 };
      return (await stage.pod(1).host.run('tcp-connect', { ...target, closer: 'client' })).opened;
    });
  return { evicting: await opened('time-wait-evicting'), old: await opened('time-wait-old-kernel') };
}

/** Packets that lost the confirm race in a second of lock step, and how full the port space was. */
export function raceLosses(): Promise<unknown> {
  return during('confirm-race', async (run) => {
    run.start();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const [sent] = await run.stop();
    const text = await run.stage.node.host.run('read-file', '/proc/thread-self/net/stat/nf_conntrack');
    const [header = '', ...rows] = text.trim().split('\n');
    const column = header.trim().split(/\s+/).indexOf('insert_failed');
    const lost = rows.reduce((sum, row) => sum + Number.parseInt(row.trim().split(/\s+/)[column] ?? '0', 16), 0);
    return { pairs: sent, lost };
  });
}

async function during(name: string, look: (run: RunningScenario) => unknown): Promise<unknown> {
  const run = await openScenario(name, { seed: 5 });
  try {
    return await look(run);
  } finally {
    await run.close();
  }
}

function listFlows(run: RunningScenario): string[] {
  enterNetns(run.netns);
  return oracle('conntrack', '-L').trim().split('\n');
}
