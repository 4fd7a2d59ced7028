// Facts at random: every field that there is, present or absent, for properties that must hold for all of them.
import fc from 'fast-check';
import { formatAddress, parseAddress } from '../../src/core/model/address.ts';
import type { Seen } from '../../src/core/model/calico/seen.ts';
import { CLUSTER_FACTS_SCHEMA, type ClusterFacts } from '../../src/core/model/cluster-facts.ts';
import type { ClusterNode } from '../../src/core/model/cluster-node.ts';
import type { FlowArrivals } from '../../src/core/model/churn.ts';
import type { CounterDelta } from '../../src/core/model/counters.ts';
import { type FlowTable, emptyFlowTable } from '../../src/core/model/flow-table.ts';
import { FlowTableBuilder } from '../../src/core/model/flow-table-builder.ts';
import type { Gap } from '../../src/core/model/gap.ts';
import type { KernelBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import type { DnatPort, NatAction, NatMatch, NatRule } from '../../src/core/model/nat-rule.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts, type NodeSettings } from '../../src/core/model/node-facts.ts';
import type { Pod } from '../../src/core/model/pod.ts';
import type { PortClaim } from '../../src/core/model/port-claim.ts';
import { trimmedTable } from './bundle-fixture.ts';

/** Objects as literals make them. */
function object<Value extends object>(
  fields: {
    [Name in keyof Value]: fc.Arbitrary<Value[Name]>;
  },
): fc.Arbitrary<Value> {
  return fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<unknown> as fc.Arbitrary<Value>;
}

/** Every key of the second object may be missing. */
function record<Required extends object, Optional extends object>(
  required: { [Name in keyof Required]: fc.Arbitrary<Required[Name]> },
  optional: { [Name in keyof Optional]: fc.Arbitrary<Optional[Name]> },
): fc.Arbitrary<Required & Partial<Optional>> {
  return fc
    .tuple(object(required), fc.record(optional, { requiredKeys: [], noNullPrototype: true }))
    .map(([always, sometimes]) => ({ ...always, ...sometimes }));
}

/** Text as kernels and clusters give it: anything that is printed on one line. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 24 })
  .filter((value) => !/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(value));
const port = fc.nat(65_535);
const range = fc
  .tuple(port, port)
  .map(([left, right]) => ({ first: Math.min(left, right), last: Math.max(left, right) }));
export const anyAddress = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .map((given) => formatAddress(parseAddress(given) ?? new Uint8Array(16)));
const protocol = fc.constantFrom(1, 6, 17, 58, 132);
const moment = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const answer = fc.constantFrom('yes', 'no', 'unknown');
const owner = fc.constantFrom('calico', 'kube-proxy', 'cilium', 'unknown', 'portolan', 'docker');
const number = fc.oneof(
  fc.nat(),
  fc.double({ min: 0, max: 1e9, noNaN: true }).filter((value) => !Object.is(value, -0)),
);
const orUndefined = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const gap: fc.Arbitrary<Gap> = record(
  { id: fc.constantFrom<Gap['id'][]>('flows', 'links', 'decoder'), what: text, why: text, weakens: text },
  { remedy: text },
);

export const anyClaim: fc.Arbitrary<PortClaim> = record(
  {
    kind: fc.constantFrom<PortClaim['kind'][]>('listener', 'tunnel', 'dnat', 'untracked', 'node-port', 'host-port'),
    protocol,
    ports: range,
    owner: text,
    source: text,
  },
  { address: anyAddress },
);

const behaviour: fc.Arbitrary<KernelBehaviour> = object({
  release: text,
  evictsClosing: answer,
  search: fc.constantFrom('windows', 'full-scan', 'unknown'),
  filtersSnatDump: answer,
  moduloBias: answer,
  eventMode: fc.constantFrom(0 as const, 1 as const, 2 as const, 'unknown' as const),
  evidence: fc.array(text),
});

const random = fc.constantFrom('none', 'random', 'random-fully');
const action: fc.Arbitrary<NatAction> = fc.oneof(
  record({ kind: fc.constant('masquerade'), random }, { range }),
  record({ kind: fc.constant('snat'), addresses: fc.array(anyAddress), random }, { range }),
  object({ kind: fc.constantFrom('accept', 'return') }),
);
const match: fc.Arbitrary<NatMatch> = record(
  { other: fc.array(text) },
  {
    protocol,
    source: text,
    destination: text,
    inInterface: text,
    outInterface: text,
    mark: text,
    destinationPort: range,
  },
);
const rule: fc.Arbitrary<NatRule> = record(
  {
    backend: fc.constantFrom('nftables', 'iptables-nft', 'iptables-legacy'),
    family: fc.constantFrom('ip', 'ip6', 'inet'),
    table: text,
    path: fc.array(text),
    priority: fc.integer(),
    order: fc.nat(),
    match,
    action,
    owner,
    scope: fc.constantFrom('egress', 'service-mark', 'tunnel', 'other'),
  },
  { packets: number, bytes: number, comment: text },
);
const claimedPort: fc.Arbitrary<DnatPort> = record(
  { protocol, ports: range, owner, where: text },
  { address: anyAddress },
);

const counters: fc.Arbitrary<CounterDelta> = record(
  {
    found: fc.nat(),
    invalid: fc.nat(),
    insertFailed: fc.nat(),
    drop: fc.nat(),
    earlyDrop: fc.nat(),
    clashResolve: fc.nat(),
    seconds: number,
  },
  { chainTooLong: fc.nat() },
);
const arrivals: fc.Arbitrary<FlowArrivals> = record(
  {
    seconds: number,
    total: fc.nat(),
    lossy: fc.boolean(),
    portSpaces: fc.array(
      object({
        protocol,
        snatAddress: anyAddress,
        remoteAddress: anyAddress,
        remotePort: port,
        zone: port,
        count: fc.nat(),
        lowestPort: port,
        highestPort: port,
      }),
    ),
  },
  { ended: fc.nat() },
);
const settings: fc.Arbitrary<NodeSettings> = record(
  {},
  {
    conntrackEvents: fc.nat(2),
    conntrackAcct: fc.boolean(),
    tcpTimeWaitSeconds: fc.nat(),
    tcpEstablishedSeconds: fc.nat(),
    tcpCloseWaitSeconds: fc.nat(),
    udpSeconds: fc.nat(),
    udpStreamSeconds: fc.nat(),
    localPortRange: range,
    localReservedPorts: text,
  },
);

export const anyPod: fc.Arbitrary<Pod> = record(
  {
    namespace: text,
    name: text,
    node: text,
    addresses: fc.array(anyAddress),
    isHostNetwork: fc.boolean(),
    hostPorts: fc.array(record({ protocol, port }, { address: anyAddress })),
    workload: object({ kind: text, namespace: text, name: text }),
  },
  { startedAt: moment },
);

interface AnyFlow {
  readonly remote: number;
  readonly source: number;
  readonly remotePort: number;
  readonly zone: number;
  readonly protocol: number;
  readonly values: readonly number[];
}

const word = fc.integer({ min: 0, max: 0xffffffff });
const flow: fc.Arbitrary<AnyFlow> = object({
  remote: fc.nat(6),
  source: fc.nat(9),
  remotePort: fc.constantFrom(0, 53, 443, 65_535),
  zone: fc.constantFrom(0, 1, 65_535),
  protocol,
  values: fc.tuple(word, word, port, port, fc.nat(255), fc.nat(255)),
});

/** Tables as readers build them: IPv4 and IPv6, rows in any order; cut to their counts, so that a failure can be read. */
export const anyFlowTable: fc.Arbitrary<FlowTable> = fc.array(flow, { maxLength: 40 }).map((flows) => {
  if (flows.length === 0) return emptyFlowTable();
  const builder = new FlowTableBuilder();
  const row = (number: number): number =>
    number % 2 === 0
      ? builder.addresses.rowOfIpv4(number * 0x01000001)
      : builder.addresses.rowOf(Int32Array.of(0x20, number, 0, 1), 0);
  for (const { remote, source, remotePort, zone, protocol: number, values } of flows) {
    const [timeoutSeconds = 0, id = 0, held = 0, sourcePort = 0, tcpState = 0, status = 0] = values;
    builder.add(
      { zone, protocol: number, snatAddress: row(7), remoteAddress: row(remote), remotePort },
      { source: row(source), timeoutSeconds, id, port: held, sourcePort, tcpState, status },
    );
  }
  return trimmedTable(builder.build());
});

const network = anyAddress.map((address) => `${address}/${address.includes(':') ? 64 : 16}`);
type OptionalName = 'pods' | 'linksRead' | 'podNetworks' | 'readBy';

export const anyNodeFacts: fc.Arbitrary<NodeFacts> = record<
  Omit<NodeFacts, OptionalName>,
  Required<Pick<NodeFacts, OptionalName>>
>(
  {
    schema: fc.constant(NODE_FACTS_SCHEMA),
    node: text,
    addresses: fc.array(anyAddress),
    at: moment,
    behaviour,
    flows: anyFlowTable,
    flowsSource: orUndefined(fc.constantFrom('ctnetlink', 'proc', 'text')),
    natRules: object({
      sourceNat: fc.array(rule),
      dnatPorts: fc.array(claimedPort),
      untrackedPorts: fc.array(claimedPort),
    }),
    claims: fc.array(anyClaim),
    counters: orUndefined(counters),
    arrivals: orUndefined(arrivals),
    table: orUndefined(object({ count: fc.nat(), max: fc.nat() })),
    settings,
    gaps: fc.array(gap),
  },
  {
    pods: fc.array(anyPod),
    linksRead: fc.boolean(),
    podNetworks: fc.array(network),
    readBy: fc.constantFrom('agent', 'exec'),
  },
);

/** `__proto__` is a key like any other to Kubernetes, and none to a literal of JavaScript. */
const labels = fc.dictionary(
  text.filter((key) => key !== '__proto__'),
  text,
  { noNullPrototype: true },
);

const clusterNode: fc.Arbitrary<ClusterNode> = record(
  {
    name: text,
    labels,
    annotations: labels,
    addresses: fc.array(object({ type: text, address: text })),
    operatingSystem: fc.constantFrom('linux', 'windows'),
  },
  { isReady: fc.boolean(), isSchedulable: fc.boolean() },
);

function seen<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Seen<Value>> {
  return fc.oneof(
    object({ seen: fc.constant(true as const), value }),
    record({ seen: fc.constant(false as const), why: text }, { remedy: text }),
  );
}

export const anyClusterFacts: fc.Arbitrary<ClusterFacts> = object({
  schema: fc.constant(CLUSTER_FACTS_SCHEMA),
  cluster: text,
  at: moment,
  nodes: seen(fc.array(clusterNode)),
  pods: seen(fc.array(anyPod)),
  serviceClaims: seen(fc.array(anyClaim)),
  gaps: fc.array(gap),
});
