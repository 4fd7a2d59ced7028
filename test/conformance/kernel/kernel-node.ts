// The running kernel as a node under test: one raw packet is one port search, and sendto says whether it was dropped.
import type { SearchBehaviour } from '../../../src/core/alloc/port-search.ts';
import type { Random } from '../../../src/core/alloc/reference-search.ts';
import type { FlowTable } from '../../../src/core/model/flow-table.ts';
import type { PortSpace } from '../../../src/core/model/port-space.ts';
import { PortSet } from '../../../src/core/model/port-set.ts';
import { ICMP } from '../../../src/core/model/protocol.ts';
import { isClosing } from '../../../src/core/model/tcp-state.ts';
import { createFlows } from '../../../src/kernel/conntrack/create-flows.ts';
import { dumpFlows } from '../../../src/kernel/conntrack/dump-flows.ts';
import { flushFlows } from '../../../src/kernel/conntrack/flush-flows.ts';
import { RawSender } from '../../../src/kernel/probe/raw-sender.ts';
import { readCounters } from '../../../src/kernel/probe/read-counters.ts';
import {
  type Fill,
  type Flow,
  type NatNode,
  NODE_ADDRESS,
  NODE_ADDRESS_6,
  type Rule,
  type Space,
  type Translated,
} from '../nat-node.ts';
import { EntryRequests } from './entry-requests.ts';
import { sendPlain } from './plain-packet.ts';
import { installRule } from './test-namespace.ts';

/** Source of hand-made entries; no test sends from it. */
const FILLER = '10.244.255.1';

export interface KernelNodeOptions {
  /** What the probe found out about this kernel. */
  readonly behaviour: SearchBehaviour;
  /** Draws the sequence numbers of SYNs. */
  readonly random: Random;
  /**
   * Old-kernel mode: entries that enter TIME_WAIT or CLOSE get IPS_FIXED_TIMEOUT, which nf_nat_used_tuple_harder spares. Ports
   * are then chosen as before 6.5; `found` still leaves the last 32 candidates of a TCP window out, as this kernel does.
   */
  readonly fixesClosing: boolean;
}

/** Forgets every entry of this namespace and installs the rule. */
export class KernelNode implements NatNode {
  readonly name: string;
  readonly behaviour: SearchBehaviour;
  readonly #random: Random;
  readonly #fixesClosing: boolean;
  readonly #senders = new Map<string, RawSender>();
  readonly #entries = new EntryRequests();
  readonly #atStart: ReturnType<typeof readCounters>;

  constructor(rule: Rule, { behaviour, random, fixesClosing }: KernelNodeOptions) {
    this.name = fixesClosing ? 'kernel that may not evict' : 'kernel';
    this.behaviour = fixesClosing ? { ...behaviour, evictsClosing: 'no' } : behaviour;
    this.#random = random;
    this.#fixesClosing = fixesClosing;
    installRule(rule);
    flushFlows();
    this.#atStart = readCounters();
  }

  get found(): number {
    return readCounters().found - this.#atStart.found;
  }

  get insertFailed(): number {
    return readCounters().insertFailed - this.#atStart.insertFailed;
  }

  open(flow: Flow): boolean {
    if (isPlain(flow)) return sendPlain(flow);
    return this.#sender(flow).send(flow.sourcePort, flow.sequence ?? Math.floor(this.#random() * 0x1_0000_0000));
  }

  close(flow: Flow): void {
    this.#entries.delete(flow);
  }

  age(flow: Flow, tcpState: number): void {
    this.#entries.age(flow, { tcpState, fixed: this.#fixesClosing && isClosing(tcpState) });
  }

  translated(flow: Flow): Translated | undefined {
    return this.#entries.translated(flow);
  }

  occupy(fill: Fill): void {
    const report = createFlows({
      ...fill,
      fixed: fill.fixed === true || this.#fixesClosing,
      sources: [FILLER],
      firstSourcePort: 1,
      remoteAddress: fill.remote,
      snatAddress: NODE_ADDRESS,
      snatPorts: fill.ports,
      timeoutSeconds: { first: 86_400, last: 86_400 },
    });
    if (report.refused > 0) throw new Error(`Cannot fill: ${report.refused} refused (${report.firstRefusal ?? ''})`);
  }

  held(space: Space): PortSet {
    return portsOf(dumpFlows({ localAddresses: [NODE_ADDRESS] }).value, space);
  }

  dispose(): void {
    for (const sender of this.#senders.values()) sender.close();
    this.#entries.close();
  }

  #sender({ protocol, source, remote, remotePort }: Flow): RawSender {
    const key = `${protocol} ${source} ${remote} ${remotePort}`;
    let sender = this.#senders.get(key);
    if (sender === undefined) {
      sender = new RawSender({ protocol, source, destination: remote, destinationPort: remotePort });
      this.#senders.set(key, sender);
    }
    return sender;
  }
}

/** What the lab's raw sender cannot build. */
function isPlain({ protocol, remote }: Flow): boolean {
  return protocol === ICMP || remote.includes(':');
}

function isSameSpace(held: PortSpace, { protocol, remote, remotePort }: Space): boolean {
  return held.protocol === protocol && held.remoteAddress === remote && held.remotePort === remotePort;
}

function portsOf(table: FlowTable, space: Space): PortSet {
  const ports = new PortSet();
  const wanted = space.address ?? (space.remote.includes(':') ? NODE_ADDRESS_6 : NODE_ADDRESS);
  for (let index = 0; index < table.portSpaceCount; index += 1) {
    const held = table.portSpace(index);
    if (!isSameSpace(held, space) || held.snatAddress !== wanted) continue;
    for (const flow of table.flowRowsOf(index)) ports.add(table.flows.port[flow] ?? 0);
  }
  return ports;
}
