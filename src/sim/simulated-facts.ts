// A simulated node as an observation would find it: the same facts, so that the same analysis can judge it.
import { eraBehaviour } from '../core/alloc/kernel-era.ts';
import { parseAddress } from '../core/model/address.ts';
import type { AddressTable } from '../core/model/address-table.ts';
import type { FlowArrivals, NewFlows } from '../core/model/churn.ts';
import { ASSURED, REMOTE_CLOSED_FIRST, SEEN_REPLY, SRC_NAT } from '../core/model/flow-status.ts';
import { FlowTableBuilder, newFlowValues } from '../core/model/flow-table-builder.ts';
import type { FlowTable } from '../core/model/flow-table.ts';
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts, type NodeSettings } from '../core/model/node-facts.ts';
import { newPortSpaceKey } from '../core/model/port-space-table.ts';
import { CLOSE, ESTABLISHED, SYN_SENT, TIME_WAIT } from '../core/model/tcp-state.ts';
import type { Cluster } from './cluster.ts';
import type { FlowEngine } from './flow-engine.ts';
import * as phase from './flow-phase.ts';
import {
  CLOSE_WAIT_SECONDS,
  ESTABLISHED_SECONDS,
  FIRST_SOURCE_PORT,
  LAST_SOURCE_PORT,
  UDP_STREAM_SECONDS,
} from './kernel-defaults.ts';
import { nodeName, podAddress, snatAddress } from './sim-names.ts';
import type { SimDestination, SimNodes, SimScenario } from './sim-scenario.ts';
import type { SimSpace } from './sim-space.ts';
import { simulatedRules } from './simulated-rules.ts';
import type { TickClock } from './tick-clock.ts';
import { inWindow } from './window-count.ts';

export interface FactsSubject {
  readonly engine: FlowEngine;
  readonly cluster: Cluster;
  readonly clock: TickClock;
  /** From 0. */
  readonly node: number;
  /** Wall-clock time, ISO 8601. */
  readonly at: string;
  /** How far the window reaches back. */
  readonly windowSeconds: number;
}

/** Everything an observation would say of the node now; nothing is hidden from it. */
export function simulatedFacts(scenario: SimScenario, subject: FactsSubject): NodeFacts {
  const { node, cluster, engine } = subject;
  const counts = cluster.nodes[node];
  if (counts === undefined) throw new RangeError(`Cannot observe node ${node}: wanted 0..${cluster.nodes.length - 1}`);
  const spaces = cluster.spaces.filter(({ group }) => group.node === node);
  const addresses = addressesOf(subject);
  const ranges =
    scenario.nodes.ranges === undefined && engine.ports.rangeChanges === 0 ? undefined : engine.ports.ranges;
  return {
    schema: NODE_FACTS_SCHEMA,
    node: nodeName(node),
    addresses,
    at: subject.at,
    behaviour: behaviourOf(scenario.nodes),
    flows: flowTable(scenario, subject),
    flowsSource: 'ctnetlink',
    natRules: { sourceNat: simulatedRules(scenario.nodes, { ranges, addresses }), dnatPorts: [], untrackedPorts: [] },
    claims: [],
    counters: {
      found: inWindow(counts.found),
      invalid: 0,
      insertFailed: inWindow(counts.insertFailed),
      drop: inWindow(counts.insertFailed) + inWindow(counts.tableFull),
      earlyDrop: 0,
      chainTooLong: 0,
      clashResolve: 0,
      seconds: subject.windowSeconds,
    },
    arrivals: arrivalsOf(scenario, { subject, spaces, ended: inWindow(counts.ended) }),
    table: { count: counts.flows, max: scenario.nodes.conntrackMax },
    settings: settingsOf(scenario),
    gaps: [],
  };
}

function behaviourOf({ kernel: era, release }: SimNodes): KernelBehaviour {
  return {
    ...eraBehaviour(era),
    release: `${release ?? era} (simulated)`,
    filtersSnatDump: 'yes',
    moduloBias: 'yes',
    eventMode: 1,
    evidence: [`simulated as a kernel of the ${era} era`],
  };
}

function settingsOf({ nodes }: SimScenario): NodeSettings {
  return {
    conntrackEvents: 1,
    tcpTimeWaitSeconds: nodes.timeWaitSeconds,
    tcpEstablishedSeconds: ESTABLISHED_SECONDS,
    tcpCloseWaitSeconds: CLOSE_WAIT_SECONDS,
    udpSeconds: nodes.udpSeconds,
    udpStreamSeconds: UDP_STREAM_SECONDS,
    localPortRange: { first: FIRST_SOURCE_PORT, last: LAST_SOURCE_PORT },
  };
}

function addressesOf({ node, cluster }: FactsSubject): readonly string[] {
  const perNode = cluster.addressesPerNode;
  return Array.from({ length: perNode }, (_, index) => snatAddress(node, { index, perNode }));
}

function arrivalsOf(
  { destinations }: SimScenario,
  {
    subject,
    spaces,
    ended,
  }: { readonly subject: FactsSubject; readonly spaces: readonly SimSpace[]; readonly ended: number },
): FlowArrivals {
  const addresses = addressesOf(subject);
  const portSpaces = spaces.flatMap((space): readonly NewFlows[] => {
    const destination = destinations[space.group.destination];
    const count = inWindow(space.opened);
    if (destination === undefined || count === 0) return [];
    return [
      {
        protocol: destination.protocol,
        snatAddress: addresses[space.address] ?? '',
        remoteAddress: destination.address,
        remotePort: destination.port,
        zone: 0,
        count,
        ...portsOfNewest(subject, space),
      },
    ];
  });
  const total = portSpaces.reduce((sum, { count }) => sum + count, 0);
  return { seconds: subject.windowSeconds, portSpaces, total, ended, lossy: false };
}

/** Lowest and highest port of what began in the window and is still there. */
function portsOfNewest({ engine }: FactsSubject, space: SimSpace): { lowestPort: number; highestPort: number } {
  const { flows } = engine;
  let [lowestPort, highestPort] = [65_535, 0];
  for (let id = 0; id < flows.capacity; id += 1) {
    if (!phase.holdsPort(flows.phase(id)) || flows.space(id) !== space.row) continue;
    if (flows.serial(id) <= engine.ports.opened.atRollBefore) continue;
    const port = flows.port(id);
    lowestPort = Math.min(lowestPort, port);
    highestPort = Math.max(highestPort, port);
  }
  return { lowestPort, highestPort };
}

function flowTable({ destinations, nodes }: SimScenario, subject: FactsSubject): FlowTable {
  const { engine, cluster, clock } = subject;
  const { flows } = engine;
  const builder = new FlowTableBuilder(cluster.nodes[subject.node]?.flows ?? 0);
  const rows = new AddressRows(builder.addresses);
  const snat = addressesOf(subject);
  const key = newPortSpaceKey();
  const flow = newFlowValues();
  for (let id = 0; id < flows.capacity; id += 1) {
    const at = flows.phase(id);
    const space = phase.holdsPort(at) ? cluster.spaces[flows.space(id)] : undefined;
    const destination = destinations[space?.group.destination ?? -1];
    if (space?.group.node !== subject.node || destination === undefined) continue;
    key.protocol = destination.protocol;
    key.remotePort = destination.port;
    key.remoteAddress = rows.of(destination.address);
    key.snatAddress = rows.of(snat[space.address] ?? '');
    flow.source = rows.of(podAddress(flows.pod(id)));
    flow.port = flows.port(id);
    flow.sourcePort = flows.sourcePort(id);
    flow.id = flows.serial(id);
    flow.tcpState = TCP_STATE[at] ?? 0;
    flow.status = statusOf(at, destination);
    const most =
      at === phase.DATAGRAM ? nodes.udpSeconds : at === phase.STREAM ? UDP_STREAM_SECONDS : ESTABLISHED_SECONDS;
    const left = at === phase.OPEN ? most : clock.seconds(engine.timers.dueOf(id) - clock.tick);
    flow.timeoutSeconds = Math.max(0, Math.min(Math.floor(left), most));
    builder.add(key, flow);
  }
  return builder.build();
}

/** By phase; 0 for other protocols. */
const TCP_STATE: readonly number[] = Array.from({ length: phase.STREAM + 1 }, (_, at) => {
  switch (at) {
    case phase.UNANSWERED:
    case phase.ABANDONED:
      return SYN_SENT;
    case phase.OPEN:
    case phase.VANISHED:
      return ESTABLISHED;
    case phase.TIME_WAIT_CLIENT:
    case phase.TIME_WAIT_SERVER:
      return TIME_WAIT;
    case phase.RESET:
      return CLOSE;
    default:
      return 0;
  }
});

function statusOf(at: number, { answers }: SimDestination): number {
  if (!answers) return SRC_NAT;
  if (at === phase.DATAGRAM) return SRC_NAT | SEEN_REPLY;
  const answered = SRC_NAT | SEEN_REPLY | ASSURED;
  return at === phase.TIME_WAIT_SERVER ? answered | REMOTE_CLOSED_FIRST : answered;
}

/** Rows of addresses by text, each read once. */
class AddressRows {
  readonly #table: AddressTable;
  readonly #rows = new Map<string, number>();

  constructor(table: AddressTable) {
    this.#table = table;
  }

  of(text: string): number {
    const known = this.#rows.get(text);
    if (known !== undefined) return known;
    const bytes = parseAddress(text);
    if (bytes === undefined) throw new RangeError(`Cannot show ${text}: it is no IP address`);
    const row = this.#table.rowOf(new Int32Array(bytes.buffer, bytes.byteOffset, 4), 0);
    this.#rows.set(text, row);
    return row;
  }
}
