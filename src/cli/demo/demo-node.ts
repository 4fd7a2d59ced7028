// The demo's own world: one node, its pods, one server outside, and what the story does with them.
import { TCP } from '../../core/model/protocol.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { ESTABLISHED } from '../../core/model/tcp-state.ts';
import { Lab, type LabNode, type LabPod, type LabServer, setRange } from '../../lab/lab.ts';
import type { FillReport } from '../../kernel/conntrack/flow-fill.ts';
import { type ConnectFigures, connectFigures } from './connect-figures.ts';

const PODS = 3;
export const REMOTE_PORT = 443;
/** Connects in one burst, all at the same time. */
const BURST = 60;
/** A client that gives up after 3 s has sent SYNs at 0, 1 and 2 s (at 0 and 1 s before Linux 6.5). */
const PATIENCE_MILLISECONDS = 3000;
/** One port in this many stays free, evenly spread: a search of 248 ports then misses about one time in three. */
const FREE_PORT_SPACING = 270;
/** Connects per second that go on while the node is being looked at. */
const BACKGROUND_PER_SECOND = 100;

export class DemoNode {
  readonly #lab: Lab;
  readonly #node: LabNode;
  readonly #server: LabServer;

  private constructor(lab: Lab, parts: { node: LabNode; server: LabServer }) {
    this.#lab = lab;
    this.#node = parts.node;
    this.#server = parts.server;
  }

  /** Builds the namespaces and installs the masquerade rules. Errors: PTL_LAB, PTL_NETLINK. */
  static async build(range: PortRange): Promise<DemoNode> {
    const lab = await Lab.build({ nodes: 1, podsPerNode: PODS, servers: 1, nat: { range } });
    const [node] = lab.nodes;
    const [server] = lab.servers;
    if (node === undefined || server === undefined) throw new Error('Cannot build the demo: no node, wanted one');
    await server.host.run('tcp-listen', { port: REMOTE_PORT, manner: 'hold' });
    return new DemoNode(lab, { node, server });
  }

  get pods(): number {
    return this.#node.pods.length;
  }

  get netns(): number {
    return this.#node.host.netns;
  }

  get name(): string {
    return this.#node.name;
  }

  get remoteAddress(): string {
    return this.#server.addresses[0] ?? '';
  }

  /** `203.0.113.10:443`. */
  get remote(): string {
    return `${this.remoteAddress}:${REMOTE_PORT}`;
  }

  /** Real connects from one pod, all at once. */
  async connect(): Promise<ConnectFigures> {
    const options = { ...this.#target(), count: BURST, concurrency: BURST, timeoutMs: PATIENCE_MILLISECONDS };
    return connectFigures(await this.#pod(0).host.run('tcp-connect', { ...options, closer: 'client' }));
  }

  /** Holds nearly every port of the range with established connections, written into conntrack as they would stand there. */
  holdPorts(range: PortRange): Promise<FillReport> {
    const ports: number[] = [];
    for (let port = range.first; port <= range.last; port += 1) {
      if ((port - range.first) % FREE_PORT_SPACING !== 0) ports.push(port);
    }
    return this.#node.host.run('create-flows', {
      protocol: TCP,
      sources: this.#node.pods.map((pod) => pod.address),
      firstSourcePort: 1024,
      remoteAddress: this.remoteAddress,
      remotePort: REMOTE_PORT,
      snatAddress: this.#node.address,
      snatPorts: Uint16Array.from(ports),
      tcpStates: [ESTABLISHED],
      timeoutSeconds: { first: 431_000, last: 432_000 },
    });
  }

  /** Ends every connection so far, as far as the node's NAT can tell. */
  endOldConnections(): Promise<void> {
    return this.#node.host.run('flush-flows');
  }

  /** Replaces the range in one nf_tables transaction; connections that exist keep their ports. */
  setRange(range: PortRange): Promise<void> {
    return setRange(this.#node, { range });
  }

  /** Runs `look` while a pod keeps connecting. */
  async withTraffic<Result>(look: () => Promise<Result>): Promise<Result> {
    const pod = this.#pod(1).host;
    const traffic = pod.run('tcp-connect', {
      ...this.#target(),
      concurrency: BACKGROUND_PER_SECOND,
      perSecond: BACKGROUND_PER_SECOND,
      timeoutMs: 1500,
      closer: 'client',
    });
    try {
      return await look();
    } finally {
      await pod.run('stop-traffic');
      await traffic;
    }
  }

  close(): Promise<void> {
    return this.#lab.close();
  }

  #target(): { readonly address: string; readonly port: number } {
    return { address: this.remoteAddress, port: REMOTE_PORT };
  }

  #pod(index: number): LabPod {
    const pod = this.#node.pods[index];
    if (pod === undefined) throw new RangeError(`Cannot use pod ${index}: ${this.pods} pods, wanted more`);
    return pod;
  }
}
