// The demo on the real kernel: one node, its pods, one server outside, made of namespaces, and what the story does with them.
import { TCP } from '../../core/model/protocol.ts';
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { formatRange, type PortRange, rangeSize } from '../../core/model/port-range.ts';
import { ESTABLISHED } from '../../core/model/tcp-state.ts';
import { probeKernel } from '../../kernel/probe/probe-kernel.ts';
import { Lab, type LabNode, type LabPod, type LabServer, setRange } from '../../lab/lab.ts';
import { observeNode } from '../../observe/observe-node.ts';
import { formatInteger } from '../../present/number-text.ts';
import type { Style } from '../../present/style.ts';
import type { Watched } from '../watched.ts';
import { type ConnectFigures, connectFigures } from './connect-figures.ts';
import {
  BACKGROUND,
  BURST,
  type DemoHeadings,
  type DemoWorld,
  PATIENCE_SECONDS,
  PODS,
  REMOTE_PORT,
} from './demo-world.ts';

/** One port in this many stays free, evenly spread: a search of 248 ports then misses about one time in three. */
const FREE_PORT_SPACING = 270;
/** How long a look at the node watches counters and new connections. */
const LOOK_SECONDS = 2;

interface LabParts {
  readonly node: LabNode;
  readonly server: LabServer;
  readonly behaviour: Promise<KernelBehaviour>;
}

export class LabWorld implements DemoWorld {
  readonly label = '';
  readonly #lab: Lab;
  readonly #parts: LabParts;
  readonly #now: () => number;
  #range: PortRange;

  private constructor(lab: Lab, parts: LabParts, { range, now }: { range: PortRange; now: () => number }) {
    this.#lab = lab;
    this.#parts = parts;
    this.#now = now;
    this.#range = range;
  }

  /**
   * Builds the namespaces and installs the masquerade rules. Errors: PTL_LAB, PTL_NETLINK; also where the kernel's
   * conntrack cannot be written, so that the story does not stop in the middle.
   *
   * @param now Monotonic milliseconds.
   */
  static async build(range: PortRange, now: () => number): Promise<LabWorld> {
    const behaviour = probeKernel();
    const lab = await Lab.build({ nodes: 1, podsPerNode: PODS, servers: 1, nat: { range } });
    try {
      const [node] = lab.nodes;
      const [server] = lab.servers;
      if (node === undefined || server === undefined) throw new Error('Cannot build the demo: no node, wanted one');
      await node.host.run('flush-flows');
      await server.host.run('tcp-listen', { port: REMOTE_PORT, manner: 'hold' });
      return new LabWorld(lab, { node, server, behaviour }, { range, now });
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  get headings(): DemoHeadings {
    return {
      build: `Build a node, ${PODS} pods and a server outside; masquerade the pods through ${formatRange(this.#range)}`,
      hold: `Hold nearly every port towards ${this.#remote}, as long-lived connections do`,
      connectAgain: `Connect again from a pod: real TCP, ${BURST} at once, each waits ${PATIENCE_SECONDS} s`,
      widen: (range) =>
        `Widen the range to ${formatRange(range)} in one transaction; connections that exist keep their ports`,
    };
  }

  get pods(): number {
    return this.#parts.node.pods.length;
  }

  get remoteAddress(): string {
    return this.#parts.server.addresses[0] ?? '';
  }

  async connect(): Promise<ConnectFigures> {
    const timeoutMs = PATIENCE_SECONDS * 1000;
    const options = { ...this.#target(), count: BURST, concurrency: BURST, timeoutMs };
    return connectFigures(await this.#pod(0).host.run('tcp-connect', { ...options, closer: 'client' }));
  }

  /** Established connections, written into conntrack as they would stand there. */
  async holdPorts(): Promise<string> {
    const { first, last } = this.#range;
    const ports: number[] = [];
    for (let port = first; port <= last; port += 1) if ((port - first) % FREE_PORT_SPACING !== 0) ports.push(port);
    const { node } = this.#parts;
    const { created } = await node.host.run('create-flows', {
      protocol: TCP,
      sources: node.pods.map((pod) => pod.address),
      firstSourcePort: 1024,
      remoteAddress: this.remoteAddress,
      remotePort: REMOTE_PORT,
      snatAddress: node.address,
      snatPorts: Uint16Array.from(ports),
      tcpStates: [ESTABLISHED],
      timeoutSeconds: { first: 431_000, last: 432_000 },
    });
    return `${formatInteger(created)} of ${formatInteger(rangeSize(this.#range))} ports held`;
  }

  /** As far as the node's NAT can tell: the entries go, the sockets never were. */
  endOldConnections(): Promise<void> {
    return this.#parts.node.host.run('flush-flows');
  }

  /** In one nf_tables transaction. */
  async setRange(range: PortRange): Promise<string> {
    const started = this.#now();
    await setRange(this.#parts.node, { range });
    this.#range = range;
    return `rules replaced in ${(this.#now() - started).toFixed(1)} ms`;
  }

  async look({ signal, progress }: Watched): Promise<NodeFacts> {
    const { node } = this.#parts;
    const behaviour = await this.#parts.behaviour;
    return this.#withTraffic(() =>
      observeNode({
        netns: node.host.netns,
        name: node.name,
        windowSeconds: LOOK_SECONDS,
        behaviour,
        signal,
        progress,
      }),
    );
  }

  ending(seconds: number, { programName }: Style): readonly string[] {
    return [
      `Measured in ${seconds.toFixed(1)} s on real kernel namespaces with real connects; nothing is left behind.`,
      `Next: sudo ${programName} diagnose   (on a node; more faults to see: ${programName} lab list)`,
    ];
  }

  close(): Promise<void> {
    return this.#lab.close();
  }

  async #withTraffic<Result>(look: () => Promise<Result>): Promise<Result> {
    const pod = this.#pod(1).host;
    const traffic = pod.run('tcp-connect', {
      ...this.#target(),
      concurrency: BACKGROUND.perSecond,
      perSecond: BACKGROUND.perSecond,
      timeoutMs: BACKGROUND.patienceSeconds * 1000,
      closer: 'client',
    });
    try {
      return await look();
    } finally {
      await pod.run('stop-traffic');
      await traffic;
    }
  }

  get #remote(): string {
    return `${this.remoteAddress}:${REMOTE_PORT}`;
  }

  #target(): { readonly address: string; readonly port: number } {
    return { address: this.remoteAddress, port: REMOTE_PORT };
  }

  #pod(index: number): LabPod {
    const pod = this.#parts.node.pods[index];
    if (pod === undefined) throw new RangeError(`Cannot use pod ${index}: ${this.pods} pods, wanted more`);
    return pod;
  }
}
