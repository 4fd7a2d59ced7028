// A scenario that starts from what a node was seen to do: its range, its kernel, its busy destinations with their rates and
// holds. What a look cannot show is taken to be usual, and said in the story.
import { measuredLoad } from '../core/advice/measured-load.ts';
import type { Diagnosis, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import { eraOfRelease, type KernelEra } from '../core/alloc/kernel-era.ts';
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import { formatCount } from '../core/model/number-text.ts';
import { protocolName, TCP, UDP } from '../core/model/protocol.ts';
import type { Closer, Hold, SimDestination, SimNodes, SimScenario, SimWorkload } from './sim-scenario.ts';

/** More cost time and change nothing: the rest is nearly empty. */
const MOST_DESTINATIONS = 8;
/** Three times as long as TIME_WAIT holds a port: what fills has filled by then. */
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 3600;
const SAMPLES = 600;
/** Over which connections that stay open are opened: fast, and still one after another. */
const RAMP_SECONDS = 60;
const CONNECT_TIMEOUT_SECONDS = 30;
const TIME_WAIT_SECONDS = 120;
const CLOSE_SECONDS = 10;
const UDP_SECONDS = 30;
const CONNTRACK_MAX = 262_144;
const USUAL_ERA: KernelEra = '5.0';

/** Undefined: no TCP or UDP port space was charted, so that nothing could be played. */
export function observedScenario(facts: NodeFacts, diagnosis: Diagnosis): SimScenario | undefined {
  const rows = diagnosis.portSpaces
    .filter(({ portSpace: { protocol }, usedPorts }) => (protocol === TCP || protocol === UDP) && usedPorts > 0)
    .toSorted((left, right) => right.usedPorts - left.usedPorts)
    .slice(0, MOST_DESTINATIONS);
  const [first] = rows;
  if (first === undefined) return undefined;
  const names = namesOf(rows);
  const parts = rows.map((row, index) => partOf(facts, { row, name: names[index] ?? '' }));
  const durationSeconds = Math.min(
    LONGEST_SECONDS,
    Math.max(SHORTEST_SECONDS, ...parts.map(({ holdSeconds }) => Math.ceil(3 * holdSeconds))),
  );
  return {
    name: 'observed',
    story: storyOf(facts, { rows, parts, charted: diagnosis.portSpaces.length }),
    seed: 1,
    durationSeconds,
    sampleSeconds: Math.max(1, Math.ceil(durationSeconds / SAMPLES)),
    nodes: nodesOf(facts, first),
    destinations: parts.map(({ destination }) => destination),
    workloads: parts.map(({ workload }) => workload),
    events: [],
  };
}

interface Part {
  readonly destination: SimDestination;
  readonly workload: SimWorkload;
  readonly holdSeconds: number;
  readonly isGuessed: boolean;
}

/** `203.0.113.9:443`; with the protocol or the SNAT address only where that tells two of them apart. */
function namesOf(rows: readonly PortSpaceVerdict[]): readonly string[] {
  const remotes = rows.map(({ portSpace: { protocol, remoteAddress, remotePort } }) => {
    const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
    return `${host}:${remotePort}${protocol === TCP ? '' : `/${protocolName(protocol)}`}`;
  });
  return remotes.map((remote, index) =>
    remotes.indexOf(remote) === remotes.lastIndexOf(remote) ? remote : `${remote} ${index + 1}`,
  );
}

function partOf(facts: NodeFacts, { row, name }: { readonly row: PortSpaceVerdict; readonly name: string }): Part {
  const { protocol, remoteAddress, remotePort } = row.portSpace;
  const { load } = measuredLoad(facts, row);
  const { perSecond, holdSeconds } = load;
  const isGuessed = perSecond === undefined || holdSeconds === undefined;
  const liveSeconds = isGuessed ? 0 : liveOf(facts, { protocol, holdSeconds, liveShare: load.liveShare });
  return {
    destination: {
      name,
      protocol,
      address: remoteAddress,
      port: remotePort,
      answers: true,
      timeWaitSeconds: TIME_WAIT_SECONDS,
    },
    workload: {
      name: `pods of ${name}`,
      pods: Math.max(1, row.sources.filter(({ address }) => !facts.addresses.includes(address)).length),
      destination: name,
      perSecond: isGuessed ? load.flows / RAMP_SECONDS : perSecond,
      arrivals: 'poisson',
      hold: isGuessed ? { kind: 'forever' } : holdOf(liveSeconds, load.pattern),
      closer: closerOf(row, load.remoteClosesFirst),
      connectTimeoutSeconds: CONNECT_TIMEOUT_SECONDS,
      startSeconds: 0,
      ...(isGuessed ? { stopSeconds: RAMP_SECONDS } : {}),
    },
    holdSeconds: holdSeconds ?? 0,
    isGuessed,
  };
}

/** Seconds a connection is open: the rest of its hold comes by itself, as TIME_WAIT or as the timeout of UDP. */
function liveOf(
  { settings }: NodeFacts,
  {
    protocol,
    holdSeconds,
    liveShare,
  }: { readonly protocol: number; readonly holdSeconds: number; readonly liveShare: number },
): number {
  const open = protocol === UDP ? holdSeconds - (settings.udpSeconds ?? UDP_SECONDS) : holdSeconds * liveShare;
  return Math.max(0.001, open);
}

function holdOf(seconds: number, pattern: 'fixed' | 'exponential' | 'accumulating'): Hold {
  return pattern === 'fixed' ? { kind: 'fixed', seconds } : { kind: 'exponential', meanSeconds: seconds };
}

/** Where no entry is closing, connections end without TIME_WAIT, or none ended: a reset holds the port least. */
function closerOf({ closingPorts }: PortSpaceVerdict, remoteClosesFirst: number | undefined): Closer {
  if (closingPorts === 0) return 'reset';
  return (remoteClosesFirst ?? 0) > 0.5 ? 'server' : 'client';
}

function nodesOf({ settings, table, behaviour }: NodeFacts, { effective }: PortSpaceVerdict): SimNodes {
  const action = effective.rule?.action;
  const random = action?.kind === 'masquerade' || action?.kind === 'snat' ? action.random : 'none';
  return {
    count: 1,
    ...(effective.isDefault ? {} : { ranges: [effective.range] }),
    random,
    snatAddresses: 1,
    kernel: eraOf(behaviour),
    release: behaviour.release,
    conntrackMax: table?.max ?? CONNTRACK_MAX,
    timeWaitSeconds: settings.tcpTimeWaitSeconds ?? TIME_WAIT_SECONDS,
    closeSeconds: CLOSE_SECONDS,
    udpSeconds: settings.udpSeconds ?? UDP_SECONDS,
  };
}

/** What the kernel was seen to do; its release where it was not tried. */
function eraOf({ search, evictsClosing, release }: KernelBehaviour): KernelEra {
  if (search === 'full-scan') return '4.x';
  const named = eraOfRelease(release);
  if (evictsClosing === 'yes') return named === '6.12' ? '6.12' : '6.5';
  return evictsClosing === 'no' ? '5.0' : (named ?? USUAL_ERA);
}

interface Told {
  readonly rows: readonly PortSpaceVerdict[];
  readonly parts: readonly Part[];
  readonly charted: number;
}

function storyOf({ node, at, behaviour }: NodeFacts, { rows, parts, charted }: Told): string {
  const guessed = parts.filter(({ isGuessed }) => isGuessed).length;
  return [
    `The load of node ${node} at ${at}: ${formatCount(rows.length, 'port space')} of ${charted} charted, from an empty node on.`,
    ...(guessed === 0
      ? []
      : [
          `For ${guessed} of them no rate was seen: the ports held then are taken within ${RAMP_SECONDS} s and stay held.`,
        ]),
    ...(behaviour.evictsClosing === 'unknown' ? ['What that kernel does is taken from its release.'] : []),
    'Answers come, and rates stay as they were.',
  ].join(' ');
}
