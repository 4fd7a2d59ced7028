// Small synthetic nodes for the tests of the checks: flows by the handful, Calico's rules, every reading at hand.
import { searchPort } from '../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { parseAddress } from '../../src/core/model/address.ts';
import type { FlowArrivals, NewFlows } from '../../src/core/model/churn.ts';
import type { ConntrackCounters } from '../../src/core/model/counters.ts';
import { ASSURED, SEEN_REPLY, SRC_NAT } from '../../src/core/model/flow-status.ts';
import { FlowTable, allocateFlowTable } from '../../src/core/model/flow-table.ts';
import type { Gap, GapId } from '../../src/core/model/gap.ts';
import type { KernelBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import type { NatAction, NatRule } from '../../src/core/model/nat-rule.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../../src/core/model/node-facts.ts';
import type { PortClaim } from '../../src/core/model/port-claim.ts';
import type { PortRange } from '../../src/core/model/port-range.ts';
import { PortSet } from '../../src/core/model/port-set.ts';
import { TCP, UDP } from '../../src/core/model/protocol.ts';
import { ESTABLISHED, TIME_WAIT } from '../../src/core/model/tcp-state.ts';

export const NODE_ADDRESS = '192.0.2.10';
export const REMOTE = '203.0.113.9';
export const POD = '10.1.0.7';

export interface FlowFixture {
  readonly protocol: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly port: number;
  readonly tcpState: number;
  readonly status: number;
  readonly timeoutSeconds: number;
}

const LIVE: FlowFixture = {
  protocol: TCP,
  remote: REMOTE,
  remotePort: 443,
  source: POD,
  sourcePort: 40_000,
  port: 32_768,
  tcpState: ESTABLISHED,
  status: SRC_NAT | SEEN_REPLY | ASSURED,
  timeoutSeconds: 431_990,
};

/** `count` live TCP flows on consecutive ports from `options.port`; anything may be changed. */
export function flowsFixture(count: number, options: Partial<FlowFixture> = {}): FlowFixture[] {
  const first = { ...LIVE, ...options };
  return Array.from({ length: count }, (_, index) => ({
    ...first,
    port: first.port + index,
    sourcePort: first.sourcePort + (index % 20_000),
  }));
}

/** The same in TIME_WAIT, with timeouts spread evenly over 1..119 s. */
export function closingFixture(count: number, options: Partial<FlowFixture> = {}): FlowFixture[] {
  const flows = flowsFixture(count, { tcpState: TIME_WAIT, ...options });
  return flows.map((flow, index) => ({ ...flow, timeoutSeconds: options.timeoutSeconds ?? 1 + (index % 119) }));
}

/** Moves flows to ports of the range as the kernel's own search would have placed them. */
export function scatter(flows: readonly FlowFixture[], range: PortRange): FlowFixture[] {
  const random = seededRandom(41);
  const occupied = new PortSet();
  const behaviour = { evictsClosing: 'no', search: 'windows' } as const;
  return flows.map((flow) => {
    let port: number | undefined;
    while (port === undefined)
      ({ port } = searchPort({ occupied, evictable: occupied, range, protocol: UDP, behaviour }, random));
    occupied.add(port);
    return { ...flow, port };
  });
}

/** One-shot datagram exchanges with a resolver, 30 s each. */
export function datagramsFixture(count: number, options: Partial<FlowFixture> = {}): FlowFixture[] {
  return flowsFixture(count, {
    protocol: UDP,
    remotePort: 53,
    tcpState: 0,
    status: SRC_NAT | SEEN_REPLY,
    timeoutSeconds: 25,
    ...options,
  });
}

/** The columns for these flows; rows in the order given. `address`: what they are translated to. */
export function flowTableFixture(flows: readonly FlowFixture[], address = NODE_ADDRESS): FlowTable {
  const addresses = [...new Set([address, ...flows.flatMap(({ remote, source }) => [remote, source])])];
  const keyOf = (flow: FlowFixture): string => `${flow.protocol} ${flow.remote} ${flow.remotePort}`;
  const keys = [...new Set(flows.map(keyOf))];
  const data = allocateFlowTable(flows.length, keys.length, addresses.length);
  const addressRow = new Map(addresses.map((each, row) => [each, row]));
  const spaceRow = new Map(keys.map((key, row) => [key, row]));
  addresses.forEach((each, row) => data.addresses.set(parseAddress(each) ?? new Uint8Array(16), row * 16));
  flows.forEach((flow, row) => {
    const space = spaceRow.get(keyOf(flow)) ?? 0;
    data.flows.portSpace[row] = space;
    data.flows.source[row] = addressRow.get(flow.source) ?? 0;
    data.flows.timeoutSeconds[row] = flow.timeoutSeconds;
    data.flows.id[row] = row;
    data.flows.port[row] = flow.port;
    data.flows.sourcePort[row] = flow.sourcePort;
    data.flows.tcpState[row] = flow.tcpState;
    data.flows.status[row] = flow.status;
    data.portSpaces.protocol[space] = flow.protocol;
    data.portSpaces.remoteAddress[space] = addressRow.get(flow.remote) ?? 0;
    data.portSpaces.remotePort[space] = flow.remotePort;
    data.portSpaces.flows[space] = (data.portSpaces.flows[space] ?? 0) + 1;
  });
  return new FlowTable(data);
}

/** A masquerade rule of Calico's for one protocol. */
export function ruleFixture(
  options: Partial<NatRule> & { readonly range?: PortRange; readonly random?: 'none' | 'random-fully' } = {},
): NatRule {
  const { range, random = 'random-fully', ...rest } = options;
  const action: NatAction = { kind: 'masquerade', random, ...(range === undefined ? {} : { range }) };
  return {
    backend: 'iptables-nft',
    family: 'ip',
    table: 'nat',
    path: ['POSTROUTING', 'cali-POSTROUTING', 'cali-nat-outgoing'],
    priority: 100,
    order: 1,
    match: { protocol: TCP, source: '@cali40masq-ipam-pools', destination: '!@cali40all-ipam-pools', other: [] },
    action,
    owner: 'calico',
    scope: 'egress',
    ...rest,
  };
}

/** Calico's rules for both protocols and one range, then the one for everything else. */
export function calicoRulesFixture(range: PortRange | undefined): NatRule[] {
  const ranged = range === undefined ? {} : { range };
  return [
    ruleFixture({ order: 1, ...ranged }),
    ruleFixture({ order: 2, ...ranged, match: { protocol: UDP, other: [] } }),
    ruleFixture({ order: 3, match: { other: [] } }),
  ];
}

export const EVICTING: KernelBehaviour = {
  release: '6.18.44',
  evictsClosing: 'yes',
  search: 'windows',
  filtersSnatDump: 'yes',
  moduloBias: 'yes',
  eventMode: 2,
  evidence: [],
};

export const NOT_EVICTING: KernelBehaviour = { ...EVICTING, release: '6.1.192', evictsClosing: 'no' };

/** 2 s in which nothing was lost. */
export function countersFixture(options: Partial<ConntrackCounters> = {}): NonNullable<NodeFacts['counters']> {
  return {
    found: 0,
    invalid: 0,
    insertFailed: 0,
    drop: 0,
    earlyDrop: 0,
    chainTooLong: 0,
    clashResolve: 0,
    seconds: 2,
    ...options,
  };
}

/** NEW events of 2 s towards REMOTE:443. */
export function arrivalsFixture(count: number, options: Partial<NewFlows> = {}): FlowArrivals {
  const space = {
    protocol: TCP,
    snatAddress: NODE_ADDRESS,
    remoteAddress: REMOTE,
    remotePort: 443,
    zone: 0,
    lowestPort: 32_800,
    highestPort: 65_500,
  };
  return { seconds: 2, total: count, lossy: false, portSpaces: [{ ...space, count, ...options }] };
}

export function gapFixture(id: GapId): Gap {
  return { id, what: `${id} was not read`, why: 'EPERM: needs CAP_NET_ADMIN', weakens: 'the verdict' };
}

/** Somebody listens on every real node; without a claim nobody looked for any. */
const SSHD: PortClaim = {
  kind: 'listener',
  protocol: TCP,
  ports: { first: 22, last: 22 },
  owner: 'sshd',
  source: 'sock_diag',
};

/** A node with these flows: range 32768-65535 by Calico, an evicting kernel, every reading present. */
export function nodeFactsFixture(
  options: Partial<Omit<NodeFacts, 'flows'>> & {
    readonly flows?: readonly FlowFixture[];
    readonly range?: PortRange;
  } = {},
): NodeFacts {
  const { flows = [], range = { first: 32_768, last: 65_535 }, ...rest } = options;
  return {
    schema: NODE_FACTS_SCHEMA,
    node: 'worker-3',
    addresses: [NODE_ADDRESS],
    at: '2026-11-22T03:12:00Z',
    behaviour: EVICTING,
    flows: flowTableFixture(flows, rest.addresses?.[0]),
    flowsSource: 'ctnetlink',
    natRules: { sourceNat: calicoRulesFixture(range), dnatPorts: [], untrackedPorts: [] },
    claims: [SSHD],
    counters: countersFixture(),
    arrivals: arrivalsFixture(0),
    table: { count: flows.length, max: 262_144 },
    settings: {},
    gaps: [],
    ...rest,
  };
}
