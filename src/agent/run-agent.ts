// The agent: watches the node in a thread of its own and answers over HTTP until it is told to stop.
import { hostname, release } from 'node:os';
import { agentAudience } from '../core/kube-objects/agent-names.ts';
import { unknownBehaviour } from '../core/model/kernel-behaviour.ts';
import { probeKernel } from '../kernel/probe/probe-kernel.ts';
import type { ClusterClient } from '../kube/access/api-client.ts';
import { openApiClient } from '../kube/access/open-api-client.ts';
import type { ProcessFigures } from '../protocol/metrics/metric.ts';
import { AgentServer } from './http/agent-server.ts';
import { agentRoutes } from './http/agent-routes.ts';
import { apiServerAuthorizer } from './http/api-server-authorizer.ts';
import { type Authorizer, OPEN } from './http/authorizer.ts';
import { RememberedDecisions } from './http/remembered-decisions.ts';
import { readTlsFiles, TlsFiles, type TlsPair } from './http/tls-files.ts';
import { type ListenAddress, checkSafety } from './listen-address.ts';
import { NodePods } from './pods/node-pods.ts';
import { NodePublisher } from './publish/node-publisher.ts';
import { pressureOfReport } from './publish/pressure-of-report.ts';
import { WatchedNode } from './watched-node.ts';

/** Below the grace period of the DaemonSet, with what the server takes to close. */
const WITHDRAWAL_MILLISECONDS = 3000;

export interface AgentOptions {
  readonly listen: ListenAddress;
  /** Paths of PEM files. */
  readonly tls?: TlsPair;
  /** How the API server is found. */
  readonly cluster: { readonly kubeconfig?: string | undefined; readonly context?: string | undefined };
  /** Ask it about every request but those for liveness. */
  readonly authorizes: boolean;
  /** Ask it whose the pods of this node are. */
  readonly namesPods: boolean;
  /** Write a condition of the node and Events. */
  readonly publishes: boolean;
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
  const { listen } = options;
  checkSafety(listen, { hasTls: options.tls !== undefined, hasAuthorizer: options.authorizes });
  const read = options.tls === undefined ? {} : { read: readTlsFiles(options.tls) };
  const client = await openCluster(options);
  try {
    await runWith({ ...options, ...read, client });
  } finally {
    client?.close();
  }
}

type OpenAgent = AgentOptions & {
  /** What the files of `tls` held at the start. */
  readonly read?: TlsPair;
  readonly client: ClusterClient | undefined;
};

async function runWith(options: OpenAgent): Promise<void> {
  const { netns, mostCpuShare, name = hostname(), signal } = options;
  const behaviour = await probeKernel().catch(() => unknownBehaviour(release()));
  const node = new WatchedNode({ netns, behaviour, mostCpuShare, name });
  const stopping = new AbortController();
  const pods = podsOf(options, AbortSignal.any([signal, stopping.signal]));
  const following = pods?.run();
  const publisher = publisherOf(node, options, AbortSignal.any([signal, stopping.signal]));
  const publishing = publisher?.run();
  try {
    const server = await serve(node, { pods, publisher }, options);
    const renewing = renew(server, options, stopping.signal);
    try {
      const end = endOf(node, signal);
      await Promise.race([node.looked, end]);
      if (!signal.aborted) options.say(`Watching ${name}; metrics on ${server.url}/metrics`);
      await Promise.race([end, rejectionOf(following), rejectionOf(publishing), rejectionOf(renewing)]);
    } finally {
      stopping.abort();
      await Promise.all([server.close(), publishing?.then(() => withdrawn(publisher, options))]);
    }
  } finally {
    stopping.abort();
    await node.stop();
  }
}

interface Companions {
  readonly pods: NodePods | undefined;
  readonly publisher: NodePublisher | undefined;
}

function serve(node: WatchedNode, companions: Companions, options: OpenAgent): Promise<AgentServer> {
  const { version, figures, clock, listen, read, say, sleep } = options;
  return AgentServer.listen({
    ...listen,
    ...(read === undefined ? {} : { tls: read }),
    authorizer: authorizerOf(options),
    routes: agentRoutes({ node, version, figures, clock, ...companions }),
    warn: say,
    sleep,
  });
}

function renew(server: AgentServer, options: OpenAgent, signal: AbortSignal): Promise<void> | undefined {
  const { tls: paths, read, say, sleep } = options;
  if (paths === undefined || read === undefined) return undefined;
  return new TlsFiles({ paths, use: (pair) => server.setTls(pair), say }, read).run(sleep, signal);
}

function podsOf(options: OpenAgent, signal: AbortSignal): NodePods | undefined {
  const { client, namesPods, name = hostname(), random, sleep, now, clock, say } = options;
  if (client === undefined || !namesPods) return undefined;
  return new NodePods({ client, node: name, world: { random, sleep }, now, clock, say, signal });
}

function publisherOf(node: WatchedNode, options: OpenAgent, signal: AbortSignal): NodePublisher | undefined {
  const { client, publishes, name = hostname(), sleep, now, clock, say } = options;
  if (client === undefined || !publishes) return undefined;
  const see = () => pressureOfReport(node.report, clock());
  return new NodePublisher({ client, node: name, see, now, clock, sleep, say, signal });
}

/** Whoever stops the agent does not wait long for an API server that is away. */
async function withdrawn(publisher: NodePublisher | undefined, { sleep }: OpenAgent): Promise<void> {
  const late = new AbortController();
  const done = new AbortController();
  const clock = sleep(WITHDRAWAL_MILLISECONDS, done.signal).then(
    () => late.abort(new Error('too late')),
    () => undefined,
  );
  await publisher?.withdraw(late.signal);
  done.abort();
  await clock;
}

/** Never resolves: the end of following says nothing, only a bug in it does. */
function rejectionOf(work: Promise<void> | undefined): Promise<never> {
  return new Promise((_, reject) => work?.catch(reject));
}

/** Resolves when the signal is aborted; rejects when the node is watched no longer. */
function endOf(node: WatchedNode, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return Promise.race([aborted, node.failed]);
}

/** Errors: PTL_KUBECONFIG. */
async function openCluster(options: AgentOptions): Promise<ClusterClient | undefined> {
  const { cluster, authorizes, namesPods, publishes, variables, random, sleep } = options;
  if (!authorizes && !namesPods && !publishes) return undefined;
  return openApiClient({ ...cluster, variables }, { random, sleep });
}

function authorizerOf({ client, authorizes, name = hostname(), now, say }: OpenAgent): Authorizer {
  if (client === undefined || !authorizes) return OPEN;
  const options = { audience: agentAudience(name), onRefusal: say };
  return new RememberedDecisions(apiServerAuthorizer(client, options), now);
}
