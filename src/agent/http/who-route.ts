// /who: who held a port at a moment, with the pods of that moment, and how far back that is known.
import type { PastHolder, PastPod } from '../../core/model/port-history.ts';
import { WHO_MESSAGE_SCHEMA, type WhoMessage } from '../../protocol/who-message.ts';
import type { NodePods } from '../pods/node-pods.ts';
import type { WatchedNode } from '../watched-node.ts';
import { type Answer, plain } from './agent-server.ts';

export interface WhoRouteOptions {
  readonly node: WatchedNode;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
  readonly pods?: NodePods | undefined;
}

export async function answerWho(options: WhoRouteOptions, query: URLSearchParams): Promise<Answer> {
  const { node, clock, pods } = options;
  const port = Number(query.get('port') ?? 'none');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return plain(400, 'port: wanted a number from 0 to 65535');
  const at = query.get('at');
  const milliseconds = at === null ? clock() : Date.parse(at);
  if (Number.isNaN(milliseconds)) return plain(400, 'at: wanted a time like 2026-01-31T03:12:00Z');
  const { holders } = await node.who(port, milliseconds);
  const ageSeconds = pods?.report().ageSeconds;
  const message: WhoMessage = {
    schema: WHO_MESSAGE_SCHEMA,
    node: node.name,
    port,
    atMilliseconds: milliseconds,
    ...(await reachOf(node, port)),
    ...(ageSeconds === undefined ? {} : { podsAgeSeconds: ageSeconds }),
    holders: holders.map((holder) => ({ ...holder, ...podOf(holder, { pods, milliseconds }) })),
  };
  return { status: 200, type: 'application/json', parts: [`${JSON.stringify(message)}\n`] };
}

/** Asked about the moment it began to watch, it says up to when what ended since may be forgotten. */
async function reachOf(
  node: WatchedNode,
  port: number,
): Promise<Pick<WhoMessage, 'watchedSinceMilliseconds' | 'reachesBackToMilliseconds'>> {
  const { atMilliseconds, uptimeSeconds } = node.report ?? (await node.reportNow());
  const since = Math.floor(atMilliseconds - uptimeSeconds * 1000);
  const { forgottenUntilMilliseconds = since } = await node.who(port, since);
  return { watchedSinceMilliseconds: since, reachesBackToMilliseconds: Math.max(since, forgottenUntilMilliseconds) };
}

function podOf(
  { source, fromMilliseconds, toMilliseconds = Number.POSITIVE_INFINITY }: PastHolder,
  { pods, milliseconds }: { readonly pods: NodePods | undefined; readonly milliseconds: number },
): { readonly pod?: PastPod } {
  // Between seconds: a moment within the time that the connection is known to have been there.
  const pod = pods?.podAt(source, Math.min(Math.max(milliseconds, fromMilliseconds), toMilliseconds));
  if (pod === undefined) return {};
  const { namespace, name, workload, startedAt } = pod;
  return { pod: { namespace, name, workload, ...(startedAt === undefined ? {} : { startedAt }) } };
}
