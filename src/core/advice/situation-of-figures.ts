// A situation from plain figures; what was left out is taken from the page's reader and said as an assumption.
import { parseAddress, familyOf } from '../model/address.ts';
import { formatInteger } from '../model/number-text.ts';
import { TCP } from '../model/protocol.ts';
import { shareOfFullest } from './changed-situation.ts';
import { NOT_RULED, hasNatPortRange } from './ruled-protocols.ts';
import {
  type Load,
  NODE_PORT_RANGE,
  type PlainFigures,
  type Placement,
  type Ports,
  type Situation,
} from './situation.ts';

/** nf_conntrack_tcp_timeout_time_wait and nf_conntrack_udp_timeout as the kernel sets them. */
export const TIME_WAIT_SECONDS = 120;
const UDP_SECONDS = 30;

/** The range that IBM Cloud Kubernetes Service sets since 1.25. */
const COMMON_RANGE = { first: 32_768, last: 65_535 };

/** What the kernel takes for a source port of 1024 and above where no rule names a range (nf_nat_l4proto_unique_tuple). */
const KERNEL_RANGE = { first: 1024, last: 65_535 };

/** @throws RangeError when neither a number of flows nor a rate is given. */
export function situationOfFigures(figures: PlainFigures): Situation {
  const timeWaitSeconds = figures.timeWaitSeconds ?? TIME_WAIT_SECONDS;
  return {
    subject: 'figures given',
    load: loadOf(figures, timeWaitSeconds),
    placement: placementOf(figures),
    ports: portsOf(figures),
    timeWaitSeconds,
    ...(figures.workload === undefined ? {} : { workload: figures.workload }),
    assumptions: assumptionsOf(figures, timeWaitSeconds),
  };
}

/** The share of its hold time that a flow is not closing: TIME_WAIT comes last. */
export function liveShareOf(flow: {
  readonly protocol: number;
  readonly holdSeconds: number;
  readonly timeWaitSeconds: number;
}): number {
  if (flow.protocol !== TCP) return 1;
  return Math.max(0, flow.holdSeconds - flow.timeWaitSeconds) / Math.max(flow.holdSeconds, 1e-3);
}

function loadOf(figures: PlainFigures, timeWaitSeconds: number): Load {
  const { protocol, remoteAddress, remotePort } = figures;
  const { flows, perSecond, holdSeconds } = ratesOf(figures, timeWaitSeconds);
  const isHeld = perSecond === undefined;
  const liveShare =
    figures.liveShare ?? (isHeld ? 1 : liveShareOf({ protocol, holdSeconds: holdSeconds ?? 0, timeWaitSeconds }));
  return {
    protocol,
    family: familyOf(parseAddress(remoteAddress) ?? new Uint8Array(16).fill(255, 10, 12)),
    remoteAddress,
    remotePort,
    flows,
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(holdSeconds === undefined ? {} : { holdSeconds }),
    liveShare,
    pattern: figures.pattern ?? (isHeld ? 'accumulating' : 'fixed'),
    ...(figures.remoteClosesFirst === undefined ? {} : { remoteClosesFirst: figures.remoteClosesFirst }),
  };
}

/** Two of flows, rate and hold time give the third; a rate alone takes the closing time for the hold time. */
function ratesOf(
  { protocol, flows, perSecond, holdSeconds }: PlainFigures,
  timeWaitSeconds: number,
): { readonly flows: number; readonly perSecond?: number; readonly holdSeconds?: number } {
  if (perSecond !== undefined) {
    const defaultHold = protocol === TCP ? timeWaitSeconds : UDP_SECONDS;
    const hold = holdSeconds ?? (flows === undefined ? defaultHold : flows / Math.max(perSecond, 1e-9));
    return { flows: perSecond * hold, perSecond, holdSeconds: hold };
  }
  if (flows === undefined) throw new RangeError('neither flows nor perSecond is given');
  return holdSeconds === undefined ? { flows } : { flows, perSecond: flows / Math.max(holdSeconds, 1e-9), holdSeconds };
}

function placementOf(figures: PlainFigures): Placement {
  const { pods, maxNodes, nodes = 1 } = figures;
  return {
    nodes,
    ...(pods === undefined ? {} : { pods }),
    hottestShare: figures.hottestShare ?? shareOfFullest({ nodes, pods, surge: 0 }),
    ...(maxNodes === undefined ? {} : { maxNodes }),
    surgePods: figures.surgePods ?? 0,
  };
}

function portsOf(figures: PlainFigures): Ports {
  const { vxlan, podCidrs, spareAddresses } = figures;
  const isRuled = hasNatPortRange(figures.protocol);
  return {
    ranges: figures.ranges ?? [isRuled ? COMMON_RANGE : KERNEL_RANGE],
    isDefault: !isRuled && figures.ranges === undefined,
    owner: figures.owner ?? 'calico',
    snatAddresses: figures.addresses ?? 1,
    claims: figures.claims ?? [],
    behaviour: figures.behaviour ?? { search: 'windows', evictsClosing: 'unknown' },
    ...(vxlan === undefined ? {} : { vxlan }),
    nodePortRange: figures.nodePortRange ?? NODE_PORT_RANGE,
    ...(podCidrs === undefined ? {} : { podCidrs }),
    ...(spareAddresses === undefined ? {} : { spareAddresses }),
  };
}

function assumptionsOf(figures: PlainFigures, timeWaitSeconds: number): readonly string[] {
  const { holdSeconds: hold, nodes = 1 } = figures;
  const isRuled = hasNatPortRange(figures.protocol);
  const taken: readonly (readonly [boolean, string])[] = [
    [
      figures.perSecond !== undefined && hold === undefined && figures.flows === undefined,
      `each flow holds its port for ${figures.protocol === TCP ? `${timeWaitSeconds} s, the TIME_WAIT of conntrack` : `${UDP_SECONDS} s, the timeout of a single answer`}`,
    ],
    [figures.perSecond === undefined && hold === undefined, 'the flows are long-lived and end at no particular time'],
    [figures.ranges === undefined && isRuled, "the range is 32768-65535, set by Calico's natPortRange"],
    [figures.ranges === undefined && !isRuled, `the range is 1024-65535, the kernel's own: ${NOT_RULED}`],
    [
      figures.behaviour === undefined && figures.protocol === TCP,
      'the kernel takes no port of a closed connection over (older than 6.5)',
    ],
    [figures.nodes === undefined, 'one node carries the load'],
    [nodes > 1 && figures.hottestShare === undefined, `the pods lie evenly on ${formatInteger(nodes)} nodes`],
    [figures.protocol === TCP && figures.remoteClosesFirst === undefined, 'the remote may close first'],
    [figures.vxlan === undefined, 'VXLAN may be on'],
  ];
  return taken.filter(([applies]) => applies).map(([, sentence]) => sentence);
}
