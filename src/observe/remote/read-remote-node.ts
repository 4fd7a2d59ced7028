// Reads one node through a pod that is there already, and joins it with what the API server says of it into facts.
import { unknownBehaviour } from '../../core/model/kernel-behaviour.ts';
import type { Gap } from '../../core/model/gap.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../../core/model/node-facts.ts';
import type { Pod } from '../../core/model/pod.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import { parseProcSockets } from '../../dumps/sockets/parse-proc-sockets.ts';
import { claimsOf } from '../../dumps/sockets/text-listener.ts';
import type { NodeShell } from '../../kube/exec/node-shell.ts';
import { joinClaims } from '../join-claims.ts';
import { gapInCluster } from './gap-in-cluster.ts';
import { NodeCommands } from './node-commands.ts';
import { readRemoteArrivals } from './read-remote-arrivals.ts';
import { deltaBetween, readRemoteCounters } from './read-remote-counters.ts';
import { readRemoteFlows } from './read-remote-flows.ts';
import { readRemoteLinks } from './read-remote-links.ts';
import { readRemoteRules } from './read-remote-rules.ts';
import { readRemoteSettings } from './read-remote-settings.ts';
import { noSockets, UNPROBED } from './remote-gaps.ts';

/** What the API server says of the node; each undefined where it was not asked or did not tell. */
export interface KnownOfNode {
  readonly addresses?: readonly string[] | undefined;
  readonly pods?: readonly Pod[] | undefined;
  /** Networks that pods get their addresses from, as CIDRs. */
  readonly podNetworks?: readonly string[] | undefined;
  /** Ports of Services and of pods on this node. */
  readonly claims: readonly PortClaim[];
  readonly gaps: readonly Gap[];
}

export interface ReadRemoteOptions {
  readonly known: KnownOfNode;
  /** How long counters and new flows are watched; 0 for not at all. */
  readonly windowSeconds: number;
  readonly snatOnly: boolean;
  readonly signal: AbortSignal;
  /** For the whole node. */
  readonly timeoutSeconds: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Wall-clock time, ISO 8601. */
  readonly wallClock: () => string;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly progress?: (step: string, share: number) => void;
}

/** Errors: PTL_API_*, PTL_EXEC when no command at all can be run there. */
export async function readRemoteNode(shell: NodeShell, options: ReadRemoteOptions): Promise<NodeFacts> {
  const { known, snatOnly, progress, wallClock } = options;
  const commands = new NodeCommands(shell, options);
  progress?.('settings and links', 0);
  const settings = await readRemoteSettings(commands);
  const links = await readRemoteLinks(commands, known.addresses);
  commands.throwIfNothingRan();
  progress?.('rules, sockets and new flows', 0.1);
  const [watched, rules, sockets] = await Promise.all([
    watch(commands, options),
    readRemoteRules(commands, links.addresses ?? []),
    readSockets(commands),
  ]);
  progress?.('flows', 0.6);
  const at = wallClock();
  const flows = await readRemoteFlows(commands, { localAddresses: links.addresses, snatOnly });
  const { listeners } = sockets;
  return {
    schema: NODE_FACTS_SCHEMA,
    node: shell.node,
    addresses: links.addresses ?? [],
    at,
    behaviour: unknownBehaviour(settings.release ?? 'unknown'),
    flows: flows.table,
    flowsSource: flows.wasRead ? 'text' : undefined,
    natRules: rules.rules,
    claims: joinClaims({ listeners, tunnels: links.tunnels, rules: rules.rules, cluster: known.claims }),
    linksRead: links.wereRead,
    counters: watched.counters,
    arrivals: watched.arrivals,
    table: settings.table,
    settings: settings.settings,
    ...(known.pods === undefined ? {} : { pods: known.pods }),
    ...(known.podNetworks === undefined ? {} : { podNetworks: known.podNetworks }),
    readBy: 'exec',
    gaps: [
      ...flows.gaps,
      ...rules.gaps,
      ...links.gaps,
      ...sockets.gaps,
      ...settings.gaps,
      ...watched.gaps,
      UNPROBED,
      ...known.gaps,
    ].map(gapInCluster),
  };
}

type Watched = Pick<NodeFacts, 'counters' | 'arrivals' | 'gaps'>;

/** Counters at both ends of the window, and the flows that begin in it. */
async function watch(commands: NodeCommands, options: ReadRemoteOptions): Promise<Watched> {
  const { windowSeconds, now, sleep, signal } = options;
  const before = await readRemoteCounters(commands);
  if (windowSeconds === 0) return { counters: undefined, arrivals: undefined, gaps: before.gaps };
  const start = now();
  const { arrivals, gaps } = await readRemoteArrivals(commands, windowSeconds);
  await sleep(Math.max(0, windowSeconds * 1000 - (now() - start)), signal);
  const after = await readRemoteCounters(commands);
  return { counters: deltaBetween(before, after), arrivals, gaps: [...gaps, ...after.gaps] };
}

interface Sockets {
  readonly listeners: readonly PortClaim[];
  readonly gaps: readonly Gap[];
}

/** `ss` is not in the image; these files need no capability. */
async function readSockets(commands: NodeCommands): Promise<Sockets> {
  const files = ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => `/proc/net/${name}`);
  const read = await commands.text(['cat', ...files]);
  const gaps = read.ok ? [] : [noSockets(read.why)];
  return { listeners: claimsOf(parseProcSockets(read.text)), gaps };
}
