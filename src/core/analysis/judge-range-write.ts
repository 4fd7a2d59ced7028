// Whether a natPortRange may be written: everything that speaks against it, and everything to know before.
import { DEFAULT_NODE_PORTS } from '../model/node-port-range.ts';
import { type PortRange, UNRESTRICTED_RANGE, formatRange, rangeContains, rangeSize } from '../model/port-range.ts';
import { oneInN } from '../model/one-in-n.ts';
import type { PortClaim } from '../model/port-claim.ts';
import { protocolName } from '../model/protocol.ts';
import { overlaps } from './claims-in-range.ts';
import { hasRange } from './cluster-range.ts';
import { VXLAN_PORT } from './lowest-start.ts';
import { decodeNatPortRange } from './parse-nat-port-range.ts';
import type { EffectiveNatPortRange } from './range-chain.ts';
import type { NodePortPlane, RangeWriteFacts, WriteJudgement, WriteRemark } from './range-write.ts';
import { shadowRemarks } from './shadowed-write.ts';

/** Every reason against writing `wanted`, a text such as `24000:65535`, and every warning; none is left out for another. */
export function judgeNatPortRangeWrite(wanted: string, facts: RangeWriteFacts): WriteJudgement {
  const text = textRemark(wanted);
  const range = text === undefined ? acceptedRange(wanted) : undefined;
  const remarks = [
    ...(text === undefined ? [] : [text]),
    ...shadowRemarks(facts),
    ...poolRemarks(facts),
    ...masqueraderRemarks(facts),
    ...(range === undefined ? [] : rangeRemarks(range, facts)),
  ];
  return {
    ...(range === undefined ? {} : { range }),
    remarks: remarks.toSorted((left, right) => rank(left) - rank(right)),
  };
}

function rank({ severity }: WriteRemark): number {
  return severity === 'refusal' ? 0 : 1;
}

function acceptedRange(wanted: string): PortRange | undefined {
  const { value } = decodeNatPortRange(wanted);
  return value.kind === 'range' ? value.range : undefined;
}

const EXAMPLE = 'write FIRST:LAST, for example 24000:65535';

/** Why the text itself is refused. */
function textRemark(wanted: string): WriteRemark | undefined {
  const { value, written } = decodeNatPortRange(wanted);
  switch (value.kind) {
    case 'range':
      return value.range.first < UNRESTRICTED_RANGE.first ? belowFloor(value.range) : undefined;
    case 'single-port':
      return refusal('single-port', {
        sentence: `${written} is a single port: a node could hold one connection at a time to each destination; Calico would take it without a word`,
        remedy: EXAMPLE,
      });
    case 'none':
      return refusal('none', {
        sentence: `${written} switches the range off: flows then get any port from 1024 on, NodePorts included`,
        remedy: 'take the field out of the object instead',
      });
    case 'named-port':
      return refusal('named-port', { sentence: namedSentence(written), remedy: meantBy(value.name) ?? EXAMPLE });
    case 'undecodable':
    case 'unset':
      return refusal('undecodable', {
        sentence: `${written} cannot be decoded${value.kind === 'unset' ? '' : ` (${value.why})`}: once stored, no Felix that restarts could read any FelixConfiguration`,
        remedy: EXAMPLE,
      });
  }
}

function belowFloor({ first }: PortRange): WriteRemark {
  return refusal('below-1024', {
    sentence: `${first} is below ${UNRESTRICTED_RANGE.first}: ports of servers, which remotes and firewalls may trust or refuse as sources`,
    remedy: `begin at ${UNRESTRICTED_RANGE.first} or above`,
  });
}

function namedSentence(written: string): string {
  return `${written} would be taken for the name of a port: the API server of the CRD accepts it, and Felix silently installs no range`;
}

/** A dash where a colon belongs. */
function meantBy(name: string): string | undefined {
  const meant = name.replace('-', ':');
  return acceptedRange(meant) === undefined ? undefined : `write ${meant}`;
}

function poolRemarks({ pools }: RangeWriteFacts): WriteRemark[] {
  if (!pools.seen)
    return [
      warning('pools-not-read', {
        sentence: `The IPPools were not read (${pools.why}): without one that has natOutgoing, natPortRange does nothing`,
      }),
    ];
  if (pools.value.some(({ natOutgoing }) => natOutgoing)) return [];
  return [
    refusal('no-nat-outgoing', {
      sentence: 'No IPPool has natOutgoing: Calico translates no egress here, so natPortRange does nothing',
      remedy: 'find out who masquerades: portolan range',
    }),
  ];
}

const OTHERS: Readonly<Record<'cilium' | 'ovn-kubernetes' | 'windows' | 'other', string>> = {
  cilium: 'Cilium translates egress here, and its ports begin above the NodePort range whatever natPortRange says',
  'ovn-kubernetes': 'OVN-Kubernetes translates egress here and does not know natPortRange',
  windows: 'Windows nodes ignore natPortRange',
  other: 'Another program than Calico translates egress here and does not know natPortRange',
};

function masqueraderRemarks({ masquerader }: RangeWriteFacts): WriteRemark[] {
  if (masquerader === 'calico') return [];
  if (masquerader === 'unknown')
    return [
      warning('masquerader-unknown', {
        sentence: 'It is not known who translates egress here: only Calico follows natPortRange',
      }),
    ];
  return [refusal('not-masqueraded-by-calico', { sentence: OTHERS[masquerader] })];
}

function rangeRemarks(range: PortRange, facts: RangeWriteFacts): WriteRemark[] {
  return [
    ...vxlanRemarks(range, facts),
    ...memberRemarks(range, facts),
    ...nodePortRemarks(range, facts),
    ...changeRemarks(range, facts),
  ];
}

/** Felix keeps the VXLAN port out of conntrack since 3.29 (felix/rules/static.go): replies are not translated back. */
function vxlanRemarks(range: PortRange, { vxlanPort }: RangeWriteFacts): WriteRemark[] {
  const port = vxlanPort.seen ? vxlanPort.value : VXLAN_PORT;
  if (port === undefined || !rangeContains(range, port)) return [];
  const sentence = `${formatRange(range)} holds UDP ${port}, VXLAN's port, which Calico 3.29 and later keep out of connection tracking: a UDP flow that gets it never sees a reply`;
  const remedy = `begin at ${port + 1} or above`;
  if (vxlanPort.seen) return [refusal('vxlan-port-inside', { sentence, remedy })];
  return [
    warning('vxlan-unknown', {
      sentence: `Whether VXLAN is on was not read (${vxlanPort.why}). If it is: ${sentence}`,
      remedy,
    }),
  ];
}

/** IBM VPC network load balancers: "a member's port can be used only for traffic of the load balancer". */
function memberRemarks(range: PortRange, { memberPorts, nodes }: RangeWriteFacts): WriteRemark[] {
  if (!memberPorts.seen)
    return [
      warning('load-balancers-not-read', {
        sentence: `Which ports load balancers with direct server return take was not read (${memberPorts.why}): egress connections that get one of them fail`,
      }),
    ];
  const inside = memberPorts.value.filter(({ ports }) => overlaps(range, ports));
  const owners = [...new Set(inside.map(({ owner }) => owner))].toSorted();
  return owners.map((owner) => {
    const ports = inside.filter((claim) => claim.owner === owner);
    const isOld = nodes.length > 0 && ports.every(({ ports: taken }) => nodes.every((node) => mayUse(node, taken)));
    return isOld ? oldMember(owner, ports) : newMember(owner, ports, range);
  });
}

function newMember(owner: string, ports: readonly PortClaim[], range: PortRange): WriteRemark {
  const chance = oneInN(ports.length / rangeSize(range));
  return {
    ...refusal('load-balancer-inside', {
      sentence: `The load balancer of ${owner} answers its clients directly from ${portsText(ports)}: ${chance} egress connections would get that port and fail`,
      remedy: 'begin above it, or accept it by its name',
    }),
    conflict: owner.replace(/^Service /, ''),
  };
}

function oldMember(owner: string, ports: readonly PortClaim[]): WriteRemark {
  return warning('load-balancer-inside', {
    sentence: `The load balancer of ${owner} answers its clients directly from ${portsText(ports)}, which egress may get already today: such a connection fails`,
  });
}

function portsText(claims: readonly PortClaim[]): string {
  const texts = claims.map(
    ({ protocol, ports: { first, last } }) =>
      `${protocolName(protocol).toUpperCase()} ${first === last ? first : `${first}-${last}`}`,
  );
  return [...new Set(texts)].join(', ');
}

/** Whether flows may get the port by the present range; one that is not known may not count as an excuse. */
function mayUse({ range }: EffectiveNatPortRange, ports: PortRange): boolean {
  if (range.kind === 'none') return overlaps(UNRESTRICTED_RANGE, ports);
  return range.kind === 'range' && overlaps(range.range, ports);
}

const HARMLESS =
  'harmless here: a reply is matched to its connection before NodePort rules see it; only one and the same remote address and port would clash';

const PLANE_TRUTHS: Readonly<Record<NodePortPlane, string>> = {
  'kube-proxy-iptables': HARMLESS,
  'kube-proxy-nftables': HARMLESS,
  'kube-proxy-ipvs':
    'pods are fine, but a connection that the node itself opens to a Service may get a port that equals a NodePort and then fails (kube-proxy in IPVS mode)',
  'calico-ebpf':
    "Calico's eBPF data plane exempts egress from its NodePort handling: not known to hurt, and not tried here",
  cilium:
    'Cilium looks NodePorts up before connection tracking: the reply of a flow that got one goes to the Service instead',
  'ovn-kubernetes':
    'OVN-Kubernetes before its fix takes the reply of a flow that got one for a new connection to the NodePort',
  unknown:
    'whether that hurts depends on the data plane, which is not known; kube-proxy with iptables or nftables rules is harmless',
};

const LOAD_BALANCER =
  'A load balancer with direct server return (IBM VPC NLB) claims its NodePorts on the way out, whatever the data plane';

function nodePortRemarks(range: PortRange, { nodePorts, nodePortPlane }: RangeWriteFacts): WriteRemark[] {
  if (!overlaps(range, nodePorts.range)) return [];
  const known = nodePorts.source === 'assumed' ? ` (assumed, the default is ${formatRange(DEFAULT_NODE_PORTS)})` : '';
  return [
    warning('node-ports-inside', {
      sentence: `${formatRange(range)} shares ports with the NodePorts ${formatRange(nodePorts.range)}${known}: ${PLANE_TRUTHS[nodePortPlane]}. ${LOAD_BALANCER}`,
    }),
  ];
}

function changeRemarks(range: PortRange, { nodes }: RangeWriteFacts): WriteRemark[] {
  const have = nodes.filter((node) => hasRange(node, range)).map(({ node }) => node);
  if (have.length === 0) return [];
  const isAll = have.length === nodes.length;
  const who = isAll ? 'Every node has' : `${have.join(', ')} already ${have.length === 1 ? 'has' : 'have'}`;
  return [
    warning('no-change', {
      sentence: `${who} ${formatRange(range)}${isAll ? ' already' : ''}: nothing changes there, and no Felix restarts for it`,
      nodes: isAll ? [] : have,
    }),
  ];
}

interface RemarkParts {
  readonly sentence: string;
  readonly remedy?: string;
  readonly nodes?: readonly string[];
}

function refusal(id: WriteRemark['id'], parts: RemarkParts): WriteRemark {
  return { id, severity: 'refusal', nodes: [], ...parts };
}

function warning(id: WriteRemark['id'], parts: RemarkParts): WriteRemark {
  return { id, severity: 'warning', nodes: [], ...parts };
}
