// The facts of a node as JSON, all but its flows: those are columns (flow-columns.ts). A field that NodeFacts gains does not
// compile until it is read here.
import type { FlowArrivals, NewFlows } from '../../core/model/churn.ts';
import type { CounterDelta } from '../../core/model/counters.ts';
import type { Answer, KernelBehaviour } from '../../core/model/kernel-behaviour.ts';
import type {
  DnatPort,
  NatAction,
  NatBackend,
  NatMatch,
  NatOwner,
  NatRandom,
  NatRule,
  NatRules,
  NatScope,
} from '../../core/model/nat-rule.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts, type NodeSettings, type TableUse } from '../../core/model/node-facts.ts';
import {
  listOf,
  objectLike,
  oneOf,
  oneWordOf,
  optional,
  orUndefined,
  type Reader,
  valueThat,
  variant,
  yesOrNo,
} from '../parse-shape.ts';
import {
  address,
  amount,
  count,
  gap,
  moment,
  plain,
  port,
  portClaim,
  portRange,
  protocol,
  zone,
} from './plain-readers.ts';
import { pod } from './pod-readers.ts';

export type PlainNodeFacts = Omit<NodeFacts, 'flows'>;

const answer = oneWordOf<Answer>({ yes: true, no: true, unknown: true });

const behaviour = objectLike<KernelBehaviour>({
  release: plain,
  evictsClosing: answer,
  search: oneOf(['windows', 'full-scan', 'unknown']),
  filtersSnatDump: answer,
  moduloBias: answer,
  eventMode: valueThat<KernelBehaviour['eventMode']>(
    (value) => value === 0 || value === 1 || value === 2 || value === 'unknown',
    '0, 1, 2, unknown',
  ),
  evidence: listOf(plain),
});

const owner = oneWordOf<NatOwner>({
  calico: true,
  'kube-proxy': true,
  cilium: true,
  flannel: true,
  kindnet: true,
  'ip-masq-agent': true,
  'aws-vpc-cni': true,
  antrea: true,
  'cni-plugins': true,
  docker: true,
  libvirt: true,
  portolan: true,
  unknown: true,
});

const match = objectLike<NatMatch>({
  protocol: optional(protocol),
  source: optional(plain),
  destination: optional(plain),
  inInterface: optional(plain),
  outInterface: optional(plain),
  mark: optional(plain),
  destinationPort: optional(portRange),
  other: listOf(plain),
});

const random = oneWordOf<NatRandom>({ none: true, random: true, 'random-fully': true });
type Ending = Extract<NatAction, { kind: 'accept' | 'return' }>;
const ending: Reader<NatAction> = objectLike<Ending>({ kind: oneOf(['accept', 'return']) });

const action: Reader<NatAction> = variant<NatAction>('kind', {
  masquerade: objectLike<Extract<NatAction, { kind: 'masquerade' }>>({
    kind: oneOf(['masquerade']),
    range: optional(portRange),
    random,
  }),
  snat: objectLike<Extract<NatAction, { kind: 'snat' }>>({
    kind: oneOf(['snat']),
    addresses: listOf(plain),
    range: optional(portRange),
    random,
  }),
  accept: ending,
  return: ending,
} satisfies Record<NatAction['kind'], Reader<NatAction>>);

const rule = objectLike<NatRule>({
  backend: oneWordOf<NatBackend>({
    nftables: true,
    'iptables-nft': true,
    'iptables-legacy': true,
    ebpf: true,
    'felix-log': true,
  }),
  family: oneOf(['ip', 'ip6', 'inet']),
  table: plain,
  path: listOf(plain),
  priority: valueThat<number>(Number.isInteger, 'a whole number'),
  order: count,
  match,
  action,
  owner,
  scope: oneWordOf<NatScope>({ egress: true, 'service-mark': true, tunnel: true, other: true }),
  packets: optional(amount),
  bytes: optional(amount),
  comment: optional(plain),
});

const claimedPort = objectLike<DnatPort>({ protocol, ports: portRange, address: optional(plain), owner, where: plain });

const natRules = objectLike<NatRules>({
  sourceNat: listOf(rule),
  dnatPorts: listOf(claimedPort),
  untrackedPorts: listOf(claimedPort),
});

const counters = objectLike<CounterDelta>({
  found: count,
  invalid: count,
  insertFailed: count,
  drop: count,
  earlyDrop: count,
  chainTooLong: optional(count),
  clashResolve: count,
  seconds: amount,
});

const newFlows = objectLike<NewFlows>({
  protocol,
  snatAddress: address,
  remoteAddress: address,
  remotePort: port,
  zone,
  count,
  lowestPort: port,
  highestPort: port,
});

const arrivals = objectLike<FlowArrivals>({
  seconds: amount,
  portSpaces: listOf(newFlows),
  total: count,
  ended: optional(count),
  lossy: yesOrNo,
});

const settings = objectLike<NodeSettings>({
  conntrackEvents: optional(count),
  conntrackAcct: optional(yesOrNo),
  tcpTimeWaitSeconds: optional(count),
  tcpEstablishedSeconds: optional(count),
  tcpCloseWaitSeconds: optional(count),
  udpSeconds: optional(count),
  udpStreamSeconds: optional(count),
  localPortRange: optional(portRange),
  localReservedPorts: optional(plain),
});

export const plainNodeFacts: Reader<PlainNodeFacts> = objectLike<PlainNodeFacts>({
  schema: oneOf([NODE_FACTS_SCHEMA]),
  node: plain,
  addresses: listOf(address),
  at: moment,
  behaviour,
  flowsSource: orUndefined(oneOf(['ctnetlink', 'proc', 'text'])),
  natRules,
  claims: listOf(portClaim),
  counters: orUndefined(counters),
  arrivals: orUndefined(arrivals),
  table: orUndefined(objectLike<TableUse>({ count, max: count })),
  settings,
  linksRead: optional(yesOrNo),
  pods: optional(listOf(pod)),
  podNetworks: optional(listOf(plain)),
  readBy: optional(oneOf(['agent', 'exec'])),
  gaps: listOf(gap),
});
