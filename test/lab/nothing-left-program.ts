// A lab with traffic that never ends by itself: the test kills it.
import { Lab } from '../../src/lab/lab.ts';

export async function holdLab(): Promise<never> {
  const lab = await Lab.build({
    nodes: 1,
    podsPerNode: 2,
    servers: 1,
    nat: { range: { first: 40_000, last: 40_999 } },
  });
  const [node] = lab.nodes;
  const [server] = lab.servers;
  await server?.host.run('tcp-listen', { port: 443, manner: 'hold' });
  const target = { address: server?.addresses[0] ?? '', port: 443, concurrency: 4, timeoutMs: 1000 };
  await Promise.all(
    (node?.pods ?? []).map((pod) => pod.host.run('tcp-connect', { ...target, count: 20, closer: 'keep' })),
  );
  process.stdout.write('held\n');
  return new Promise<never>(() => setInterval(() => {}, 1000));
}
