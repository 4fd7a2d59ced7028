// A node of any size for measurements: a few busy port spaces, many thin ones, the same each time.
import { seededRandom } from '../src/core/alloc/seeded-random.ts';
import type { FlowArrivals } from '../src/core/model/churn.ts';
import { ASSURED, SEEN_REPLY, SRC_NAT } from '../src/core/model/flow-status.ts';
import { FlowTable, allocateFlowTable } from '../src/core/model/flow-table.ts';
import { unknownBehaviour } from '../src/core/model/kernel-behaviour.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../src/core/model/node-facts.ts';
import { TCP } from '../src/core/model/protocol.ts';
import { ESTABLISHED, TIME_WAIT } from '../src/core/model/tcp-state.ts';

const PODS = 110;
const RANGE = { first: 32_768, last: 65_535 };

export const SYNTHETIC_BEHAVIOUR = {
  ...unknownBehaviour('6.18'),
  evictsClosing: 'yes',
  search: 'windows',
} as const;

export interface SyntheticOptions {
  readonly flows: number;
  readonly spaces: number;
  /** How many of the spaces are busy. */
  readonly busy: number;
  /** New flows to the first space, as NEW events of 2 s; none were read when absent. */
  readonly newPerSecond?: number;
}

/** NEW events of the first space: 10.0.0.0:443 from the address behind the pods'. */
function arrivals({ newPerSecond, spaces }: SyntheticOptions): FlowArrivals | undefined {
  if (newPerSecond === undefined) return undefined;
  const count = newPerSecond * 2;
  const row = spaces + PODS;
  const snatAddress = [10 + (row >>> 24), (row >>> 16) & 255, (row >>> 8) & 255, row & 255].join('.');
  const space = { protocol: TCP, snatAddress, remoteAddress: '10.0.0.0', remotePort: 443, zone: 0 };
  const ports = { lowestPort: RANGE.first, highestPort: RANGE.last };
  return { seconds: 2, total: count, lossy: false, portSpaces: [{ ...space, ...ports, count }] };
}

/** The busy port spaces share four fifths of the flows; the rest lies thinly over all. */
function flowTable({ flows, spaces, busy: busySpaces }: SyntheticOptions): FlowTable {
  const random = seededRandom(1);
  const data = allocateFlowTable(flows, spaces, spaces + PODS + 1);
  for (let row = 0; row < data.addressCount; row += 1) {
    data.addresses.set(
      [0xff, 0xff, 10 + (row >>> 24), (row >>> 16) & 255, (row >>> 8) & 255, row & 255],
      row * 16 + 10,
    );
  }
  for (let space = 0; space < spaces; space += 1) {
    data.portSpaces.protocol[space] = TCP;
    data.portSpaces.snatAddress[space] = spaces + PODS;
    data.portSpaces.remoteAddress[space] = space;
    data.portSpaces.remotePort[space] = 443;
  }
  for (let row = 0; row < flows; row += 1) {
    const busy = random() < 0.8;
    const space = busy ? Math.floor(random() * busySpaces) : Math.floor(random() * spaces);
    const closing = random() < 0.5;
    data.flows.portSpace[row] = space;
    data.flows.source[row] = spaces + Math.floor(random() * PODS);
    data.flows.timeoutSeconds[row] = closing ? Math.floor(random() * 120) : 431_000;
    data.flows.id[row] = row;
    data.flows.port[row] = RANGE.first + Math.floor(random() * 32_768);
    data.flows.tcpState[row] = closing ? TIME_WAIT : ESTABLISHED;
    data.flows.status[row] = SRC_NAT | SEEN_REPLY | ASSURED;
    data.portSpaces.flows[space] = (data.portSpaces.flows[space] ?? 0) + 1;
  }
  return new FlowTable(data);
}

/** A node whose range Calico set, on a kernel that takes closing entries over. */
export function syntheticNode(options: SyntheticOptions): NodeFacts {
  const rule = {
    backend: 'nftables',
    family: 'ip',
    table: 'calico',
    path: ['nat-cali-nat-outgoing'],
    priority: 110,
    order: 0,
    match: { other: [] },
    action: { kind: 'masquerade', range: RANGE, random: 'random-fully' },
    owner: 'calico',
    scope: 'egress',
  } as const;
  return {
    schema: NODE_FACTS_SCHEMA,
    node: 'bench',
    addresses: [],
    at: '2026-11-22T00:00:00Z',
    behaviour: SYNTHETIC_BEHAVIOUR,
    flows: flowTable(options),
    flowsSource: 'ctnetlink',
    natRules: {
      sourceNat: [rule],
      dnatPorts: [{ protocol: TCP, ports: { first: 33_000, last: 33_100 }, owner: 'kube-proxy', where: 'nat' }],
      untrackedPorts: [],
    },
    claims: [],
    counters: undefined,
    arrivals: arrivals(options),
    table: undefined,
    settings: {},
    gaps: [],
  };
}
