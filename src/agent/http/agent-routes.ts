// What the agent answers on each path.
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { FACTS_MESSAGE_TYPE, factsMessage } from '../../protocol/facts-message.ts';
import { CONTENT_TYPES, exposition, formatFor } from '../../protocol/metrics/exposition.ts';
import type { ProcessFigures } from '../../protocol/metrics/metric.ts';
import type { NodePods } from '../pods/node-pods.ts';
import type { WatchedNode } from '../watched-node.ts';
import { type Answer, type Route, plain } from './agent-server.ts';
import { answerGlance } from './glance-route.ts';
import { answerWho } from './who-route.ts';

export interface RouteOptions {
  readonly node: WatchedNode;
  readonly version: string;
  readonly figures: () => ProcessFigures;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
  /** Undefined: sources have addresses, no names. */
  readonly pods?: NodePods | undefined;
  /** Undefined: nothing is told to the cluster. */
  readonly publisher?: { readonly isHeard: boolean | undefined } | undefined;
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
    '/glance': { isOpen: false, answer: () => Promise.resolve(answerGlance(options.node)) },
    '/who': { isOpen: false, answer: ({ query }) => answerWho(options, query) },
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

function metrics({ node, version, figures, pods, publisher }: RouteOptions, accept: string | undefined): Answer {
  const { report } = node;
  if (report === undefined)
    return { ...plain(503, 'the first look at the node is not over'), headers: { 'retry-after': '5' } };
  const format = formatFor(accept);
  const names = pods === undefined ? {} : { podOf: (address: string) => pods.podOf(address), pods: pods.report() };
  const isPublishing = publisher?.isHeard;
  const told = isPublishing === undefined ? {} : { isPublishing };
  const text = exposition({ report, version, process: figures(), ...names, ...told }, format);
  return { status: 200, type: CONTENT_TYPES[format], parts: [text], headers: { vary: 'accept' } };
}

async function facts(
  { node, pods }: RouteOptions,
  { query, looks }: { readonly query: URLSearchParams; readonly looks: { waiting: number } },
): Promise<Answer> {
  const window = windowOf(query.get('window'));
  if (typeof window === 'string') return plain(400, window);
  if (looks.waiting >= MOST_LOOKS)
    return { ...plain(503, 'others wait for a look already'), headers: { 'retry-after': '5' } };
  looks.waiting += 1;
  try {
    const { head, columns } = factsMessage(withPods(await node.facts(window.seconds), pods));
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

/** How old the names may be is among the gaps. */
function withPods(facts: NodeFacts, pods: NodePods | undefined): NodeFacts {
  if (pods === undefined) return facts;
  const known = pods.known();
  const gaps = [...facts.gaps, ...pods.report().gaps];
  return { ...facts, ...(known === undefined ? {} : { pods: known }), gaps };
}
