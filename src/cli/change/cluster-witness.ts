// Looks at nodes through the API server: Felix by its pod and log, the kernel by the node's agent where that is to be asked, else by
// commands in a pod that is there already.
import type { LookOptions, NodeWitness } from '../../act/change/node-witness.ts';
import type { FelixLook, NodeLook } from '../../core/advice/change/node-look.ts';
import { nodeLookOfFacts } from '../../core/advice/change/node-look-of-facts.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import { readFelixLog, readFelixPod } from '../../kube/calico/read-felix-pod.ts';
import type { NodeShell } from '../../kube/exec/node-shell.ts';
import { openNodeShells } from '../../kube/exec/open-node-shells.ts';
import { AgentClient } from '../../kube/agents/agent-client.ts';
import type { NodeAgent } from '../../kube/agents/parse-agent-pod.ts';
import { readClusterNode } from '../../observe/remote/read-cluster-node.ts';
import { findWantedAgents, NO_AGENT } from '../cluster/find-wanted-agents.ts';
import type { WitnessOptions } from './witness-options.ts';

/** Clocks differ, and a line a little too old does no harm: the value counts. */
const SPARE_SECONDS = 5;
const NODE_TIMEOUT_SECONDS = 60;
/** Without these nothing can be seen anywhere: the caller must know. */
const LOST: ReadonlySet<string> = new Set(['PTL_API_UNREACHABLE', 'PTL_API_UNAUTHORISED', 'PTL_API_CREDENTIALS']);

export function openClusterWitness(options: WitnessOptions): Promise<NodeWitness> {
  const shells = new ShellFinder(options);
  const agents = new AgentFinder(options);
  return Promise.resolve({
    look: async (node, look) => ({
      ...(look.wantsRules ? await kernelOf(node, look, { options, shells, agents }) : NOT_ASKED),
      felix: await felixOn(node, look, options),
    }),
    close: () => undefined,
  });
}

const NOT_ASKED = {
  rule: { seen: false, why: 'not looked at' },
  flows: { seen: false, why: 'not looked at' },
} as const;

interface Way {
  readonly options: WitnessOptions;
  readonly shells: ShellFinder;
  readonly agents: AgentFinder;
}

type KernelLook = Omit<NodeLook, 'felix'>;

async function kernelOf(node: string, { signal }: LookOptions, { options, shells, agents }: Way): Promise<KernelLook> {
  const { client, now, sleep, wallClock, pools, choice } = options;
  try {
    const agent = await agents.on(node, signal);
    const shell = choice?.via === 'agent' ? '' : await shells.on(node, signal);
    const access = { node, ...(agent === undefined ? {} : { agent }), ...wayOf(shell) };
    const read = await readClusterNode(access, {
      agents: new AgentClient(client, now),
      knownOf: () => NOTHING_KNOWN,
      windowSeconds: 0,
      snatOnly: true,
      signal,
      timeoutSeconds: NODE_TIMEOUT_SECONDS,
      now,
      sleep,
      wallClock,
    });
    if ('facts' in read) return nodeLookOfFacts(read.facts, pools);
    if (read.cause !== undefined) throw read.cause;
    return unseen(read.why);
  } catch (error) {
    signal.throwIfAborted();
    shells.forget(node);
    if (!(error instanceof PortolanError) || LOST.has(error.code)) throw error;
    return unseen(error.message);
  }
}

const NOTHING_KNOWN = { claims: [], gaps: [] };

function wayOf(shell: NodeShell | string): { readonly shell: NodeShell } | { readonly why: string } {
  return typeof shell === 'string' ? { why: shell } : { shell };
}

function unseen(why: string): KernelLook {
  return { rule: { seen: false, why }, flows: { seen: false, why } };
}

/** Finds the agents of all nodes, once. */
class AgentFinder {
  readonly #options: WitnessOptions;
  #found: Promise<ReadonlyMap<string, NodeAgent> | undefined> | undefined;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** Undefined where it is not to be asked. */
  async on(node: string, signal: AbortSignal): Promise<NodeAgent | undefined> {
    const { client, choice } = this.#options;
    if (choice === undefined) return undefined;
    this.#found ??= findWantedAgents(client, { choice, signal });
    const agents = await this.#found;
    return agents === undefined ? undefined : (agents.get(node) ?? NO_AGENT);
  }
}

/** Finds a node's pod once; again after it failed. */
class ShellFinder {
  readonly #options: WitnessOptions;
  readonly #known = new Map<string, NodeShell>();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** Why there is none, else the shell. */
  async on(node: string, signal: AbortSignal): Promise<NodeShell | string> {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const { shells, absence } = await openNodeShells(this.#options.client, { node, signal });
    const shell = shells.get(node);
    if (shell !== undefined) this.#known.set(node, shell);
    return shell ?? absence.why;
  }

  forget(node: string): void {
    this.#known.delete(node);
  }
}

async function felixOn(
  node: string,
  { since, signal }: LookOptions,
  { client, wallClock }: WitnessOptions,
): Promise<Seen<FelixLook>> {
  const found = await readFelixPod(client, { node, signal });
  if (!found.seen) return found;
  const pod = found.value;
  if (pod === undefined) return { seen: false, why: 'no calico-node pod runs on it' };
  const age = since === undefined ? undefined : (Date.parse(wallClock()) - Date.parse(since)) / 1000 + SPARE_SECONDS;
  const said = await readFelixLog(client, { pod, sinceSeconds: age, signal });
  return { seen: true, value: { isReady: pod.isReady, pod: `${pod.namespace}/${pod.name}`, said } };
}
