// What the agent answers on each path.
import { FACTS_MESSAGE_TYPE, factsMessage } from '../../protocol/facts-message.ts';
import { CONTENT_TYPES, exposition, formatFor } from '../../protocol/metrics/exposition.ts';
import type { ProcessFigures } from '../../protocol/metrics/metric.ts';
import type { NodePods } from '../pods/node-pods.ts';
import type { WatchedNode } from '../watched-node.ts';
import { type Answer, type Route, plain } from './agent-server.ts';

export interface RouteOptions {
  readonly node: WatchedNode;
  readonly version: string;
  readonly figures: () => ProcessFigures;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
  /** Undefined: sources have addresses, no names. */
  readonly pods?: NodePods | undefined;
}

/** A look costs a dump of the table: so many may wait for one at once. */
const MOST_LOOKS = 4;
const MOST_WINDOW_SECONDS = 60;
/** Reports come every 5 s; one this old means that the watching thread is stuck. */
const STALE_MILLISECONDS = 60_000;

export function agentRoutes(options: RouteOptions): Readonly<Record<string, Route>> {
  const looks = { waiting: 0 };
  return {
    '/livez': { isOpen: true, answer: () => Promise.resolve(liveness(options)) },
    '/readyz': { isOpen: true, answer: () => Promise.resolve(readiness(options)) },
    '/metrics': { isOpen: false, answer: ({ accept }) => Promise.resolve(metrics(options, accept)) },
    '/facts': { isOpen: false, answer: ({ query }) => facts(options, { query, looks }) },
    '/who': { isOpen: false, answer: ({ query }) => who(options, query) },
  };
}

function liveness({ node }: RouteOptions): Answer {
  return node.failure === undefined ? plain(200, 'alive') : plain(500, 'the thread that watches the node has ended');
}

/** Says no more than that: anyone may ask. */
function readiness({ node, clock }: RouteOptions): Answer {
  const { report, failure } = node;
  if (failure !== undefined) return plain(503, 'the thread that watches the node has ended');
  if (report === undefined) return plain(503, 'the first look at the node is not over');
  return clock() - report.atMilliseconds > STALE_MILLISECONDS
    ? plain(503, 'the last look is too old')
    : plain(200, 'ready');
}

function metrics({ node, version, figures, pods }: RouteOptions, accept: string | undefined): Answer {
  const { report } = node;
  if (report === undefined)
    return { ...plain(503, 'the first look at the node is not over'), headers: { 'retry-after': '5' } };
  const format = formatFor(accept);
  const names = pods === undefined ? {} : { podOf: (address: string) => pods.podOf(address), pods: pods.report() };
  const text = exposition({ report, version, process: figures(), ...names }, format);
  return { status: 200, type: CONTENT_TYPES[format], parts: [text], headers: { vary: 'accept' } };
}

async function facts(
  { node }: RouteOptions,
  { query, looks }: { readonly query: URLSearchParams; readonly looks: { waiting: number } },
): Promise<Answer> {
  const window = windowOf(query.get('window'));
  if (typeof window === 'string') return plain(400, window);
  if (looks.waiting >= MOST_LOOKS)
    return { ...plain(503, 'others wait for a look already'), headers: { 'retry-after': '5' } };
  looks.waiting += 1;
  try {
    const { head, columns } = factsMessage(await node.facts(window.seconds));
    return { status: 200, type: FACTS_MESSAGE_TYPE, parts: [`${JSON.stringify(head)}\n`, ...columns] };
  } finally {
    looks.waiting -= 1;
  }
}

function windowOf(text: string | null): { readonly seconds: number | undefined } | string {
  if (text === null) return { seconds: undefined };
  const seconds = Number(text);
  const isWindow = /^\d{1,4}(\.\d{1,3})?$/.test(text) && seconds <= MOST_WINDOW_SECONDS;
  return isWindow ? { seconds } : `window=${text.slice(0, 20)}: wanted seconds from 0 to ${MOST_WINDOW_SECONDS}`;
}

async function who({ node, clock }: RouteOptions, query: URLSearchParams): Promise<Answer> {
  const port = Number(query.get('port') ?? 'none');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return plain(400, 'port: wanted a number from 0 to 65535');
  const at = query.get('at');
  const milliseconds = at === null ? clock() : Date.parse(at);
  if (Number.isNaN(milliseconds)) return plain(400, 'at: wanted a time like 2026-01-31T03:12:00Z');
  const answer = await node.who(port, milliseconds);
  return { status: 200, type: 'application/json', parts: [`${JSON.stringify(answer)}\n`] };
}
