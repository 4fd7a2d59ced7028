// What the observation tests run inside namespaces of their own.
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import { NodeWatch } from '../../src/observe/node-watch.ts';
import { observeNode } from '../../src/observe/observe-node.ts';
import { Lab } from '../../src/lab/lab.ts';
import { oracle } from '../lab/run-isolated.ts';

/** A node with real connections, observed; beside it what conntrack says of the same namespace. */
export async function observeBusyNode(): Promise<unknown> {
  const lab = await Lab.build({
    nodes: 1,
    podsPerNode: 2,
    servers: 1,
    nat: { range: { first: 40_000, last: 40_999 } },
  });
  const [node] = lab.nodes;
  const [server] = lab.servers;
  const address = server?.addresses[0] ?? '';
  await server?.host.run('tcp-listen', { port: 443, manner: 'hold' });
  await node?.pods[0]?.host.run('tcp-connect', {
    address,
    port: 443,
    count: 25,
    concurrency: 25,
    timeoutMs: 2000,
    closer: 'keep',
  });
  const traffic = node?.pods[1]?.host.run('tcp-connect', {
    address,
    port: 443,
    concurrency: 5,
    perSecond: 100,
    timeoutMs: 2000,
    closer: 'reset',
  });
  const steps: string[] = [];
  const facts = await observeNode({
    netns: node?.host.netns ?? 0,
    name: 'busy',
    windowSeconds: 1,
    progress: (step) => steps.push(step),
  });
  await node?.pods[1]?.host.run('stop-traffic');
  await traffic;
  const listing = oracle(
    'nsenter',
    `--net=/proc/${process.pid}/fd/${node?.host.netns}`,
    'conntrack',
    '-L',
    '--src-nat',
  );
  const { flows, ...rest } = facts;
  const seen = {
    facts: rest,
    flowCount: flows.flowCount,
    spaces: Array.from({ length: flows.portSpaceCount }, (_, row) => flows.portSpace(row)),
    established: listing.split('\n').filter((line) => line.includes('ESTABLISHED')).length,
    steps: [...new Set(steps)],
    diagnosis: diagnose(facts).severity,
  };
  await lab.close();
  return seen;
}

/** Two looks by one reader, between which more flows come; then a look that is cut short, and one at nothing. */
export async function watchNode(): Promise<unknown> {
  const lab = await Lab.build({
    nodes: 1,
    podsPerNode: 1,
    servers: 1,
    nat: { range: { first: 40_000, last: 40_999 } },
  });
  const [node] = lab.nodes;
  const [server] = lab.servers;
  const target = { address: server?.addresses[0] ?? '', port: 443, concurrency: 10, timeoutMs: 2000 } as const;
  await server?.host.run('tcp-listen', { port: 443, manner: 'hold' });
  const open = (count: number) => node?.pods[0]?.host.run('tcp-connect', { ...target, count, closer: 'keep' });
  const watch = new NodeWatch({ netns: node?.host.netns ?? 0, name: 'watched' });
  const looks = [];
  for (const count of [10, 25]) {
    await open(count);
    const { node: name, flows, behaviour, arrivals, gaps } = await watch.look(0.2);
    looks.push({ name, flows: flows.flowCount, search: behaviour.search, heard: arrivals !== undefined, gaps });
  }
  const cut = watch.look(60).catch((error: unknown) => String(error));
  await watch.close();
  const nowhere = new NodeWatch({ netns: '/nowhere' });
  const refused = [];
  for (let time = 0; time < 2; time += 1)
    refused.push(await nowhere.look(0.1).catch((error: unknown) => String(error)));
  await nowhere.close();
  await lab.close();
  return { looks, cut: await cut, refused };
}

/** A reader that is told to stop ends with an error, soon, instead of waiting out its window. */
export async function abortObservation(): Promise<unknown> {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const started = performance.now();
  try {
    await observeNode({ windowSeconds: 30, signal: controller.signal });
    return 'went on';
  } catch (error) {
    return { message: error instanceof Error ? error.message : '', soon: performance.now() - started < 10_000 };
  }
}
