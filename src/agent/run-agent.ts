// The agent: watches the node in a thread of its own and answers over HTTP until it is told to stop.
import { readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { PortolanError } from '../core/errors/portolan-error.ts';
import { unknownBehaviour } from '../core/model/kernel-behaviour.ts';
import { probeKernel } from '../kernel/probe/probe-kernel.ts';
import { openApiClient } from '../kube/access/open-api-client.ts';
import type { ProcessFigures } from '../protocol/metrics/metric.ts';
import { AgentServer } from './http/agent-server.ts';
import { agentRoutes } from './http/agent-routes.ts';
import { apiServerAuthorizer } from './http/api-server-authorizer.ts';
import { type Authorizer, OPEN } from './http/authorizer.ts';
import { RememberedDecisions } from './http/remembered-decisions.ts';
import { type ListenAddress, checkSafety } from './listen-address.ts';
import { WatchedNode } from './watched-node.ts';

export interface AgentOptions {
  readonly listen: ListenAddress;
  /** Paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Ask the API server of this cluster about every request but those for liveness. */
  readonly authorize?: { readonly kubeconfig?: string | undefined; readonly context?: string | undefined };
  /** Path of the network namespace to watch; the program's own when absent. */
  readonly netns?: string;
  /** What the node is called; default the host name. */
  readonly name?: string;
  readonly mostCpuShare: number;
  readonly version: string;
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
  readonly random: () => number;
  /** Waits; rejects with the signal's reason when it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly figures: () => ProcessFigures;
  /** A line for whoever started it. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Runs until the signal is aborted. Errors: PTL_LISTEN, PTL_NETNS, PTL_FFI, PTL_KUBECONFIG, PTL_CANNOT_MEASURE. */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { listen, signal } = options;
  checkSafety(listen, { hasTls: options.tls !== undefined, hasAuthorizer: options.authorize !== undefined });
  const tls = options.tls === undefined ? {} : { tls: readTls(options.tls) };
  const authorizer = await openAuthorizer(options);
  const behaviour = await probeKernel().catch(() => unknownBehaviour(release()));
  const { netns, mostCpuShare, name = hostname() } = options;
  const node = new WatchedNode({ netns, behaviour, mostCpuShare, name });
  try {
    const routes = agentRoutes({ node, version: options.version, figures: options.figures, clock: options.clock });
    const server = await AgentServer.listen({
      ...listen,
      ...tls,
      authorizer,
      routes,
      warn: options.say,
      sleep: options.sleep,
    });
    try {
      const end = endOf(node, signal);
      await Promise.race([node.looked, end]);
      if (!signal.aborted) options.say(`Watching ${name}; metrics on ${server.url}/metrics`);
      await end;
    } finally {
      await server.close();
    }
  } finally {
    await node.stop();
  }
}

/** Resolves when the signal is aborted; rejects when the node is watched no longer. */
function endOf(node: WatchedNode, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return Promise.race([aborted, node.failed]);
}

async function openAuthorizer({ authorize, variables, random, sleep, now, say }: AgentOptions): Promise<Authorizer> {
  if (authorize === undefined) return OPEN;
  const client = await openApiClient({ ...authorize, variables }, { random, sleep });
  return new RememberedDecisions(
    apiServerAuthorizer(client, (why) => say(why)),
    now,
  );
}

function readTls({ cert, key }: { readonly cert: string; readonly key: string }): { cert: string; key: string } {
  return { cert: readPem('--tls-cert', cert), key: readPem('--tls-key', key) };
}

function readPem(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PortolanError('PTL_INPUT_FILE', `Cannot read ${flag} ${path}: not readable, wanted a PEM file`, {
      cause,
    });
  }
}
