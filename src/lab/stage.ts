// What a scenario works with: its lab, the names of its parts, seeded chance, and traffic that runs in the background.
import { TCP } from '../core/model/protocol.ts';
import type { FillReport, FlowFill } from '../kernel/conntrack/flow-fill.ts';
import { PortolanError } from '../core/errors/portolan-error.ts';
import type { Host } from './host.ts';
import type { HostTasks, TaskName } from './host-tasks.ts';
import type { Lab, LabNode, LabPod, LabServer } from './lab.ts';
import type { TcpConnectOptions } from './traffic/tcp-clients.ts';
import type { Random } from '../core/alloc/reference-search.ts';
import { seededRandom } from '../core/alloc/seeded-random.ts';

/** A fill of the main remote's port 443, from all pods, for minutes, unless said otherwise. */
export type Held = Partial<FlowFill> & Pick<FlowFill, 'snatPorts'>;

export class Stage {
  readonly lab: Lab;
  readonly node: LabNode;
  readonly server: LabServer;
  readonly random: Random;
  readonly #running: Promise<unknown>[] = [];
  readonly #driven = new Set<Host>();

  constructor(lab: Lab, seed: number) {
    const [node] = lab.nodes;
    const [server] = lab.servers;
    if (node === undefined || server === undefined)
      throw new RangeError('Cannot stage a lab: wanted a node and a server');
    this.lab = lab;
    this.node = node;
    this.server = server;
    this.random = seededRandom(seed);
  }

  /** The main server's main address. */
  get remote(): string {
    return this.server.addresses[0] ?? '';
  }

  pod(index: number): LabPod {
    const pod = this.node.pods[index];
    if (pod === undefined) throw new RangeError(`Cannot use pod ${index}: ${this.node.pods.length} pods, wanted more`);
    return pod;
  }

  /** Writes flows into the node's conntrack table as if pods held them. Errors: PTL_LAB when any is refused. */
  async hold(held: Held): Promise<FillReport> {
    const fill: FlowFill = {
      protocol: TCP,
      sources: this.node.pods.map(({ address }) => address),
      firstSourcePort: 1024,
      remoteAddress: this.remote,
      remotePort: 443,
      snatAddress: this.node.address,
      timeoutSeconds: { first: 425_000, last: 431_000 },
      ...held,
    };
    const report = await this.node.host.run('create-flows', fill);
    if (report.refused === 0) return report;
    const why = `${report.refused} of ${fill.snatPorts.length} flows were refused (${report.firstRefusal ?? ''})`;
    throw new PortolanError('PTL_LAB', `Cannot hold ports on ${this.node.name}: ${why}, wanted all created`);
  }

  /** Opens real connections, all of which must succeed: what the story takes for granted. Errors: PTL_LAB. */
  async open(host: Host, options: TcpConnectOptions & { readonly count: number }): Promise<void> {
    const report = await host.run('tcp-connect', options);
    if (report.opened === options.count) return;
    const seen = JSON.stringify(report.outcomes);
    throw new PortolanError('PTL_LAB', `Cannot set the stage on ${host.name}: connects ${seen}, wanted all opened`);
  }

  /** Runs a task that goes on until `stop`. */
  background<Name extends TaskName>(
    host: Host,
    name: Name,
    ...args: HostTasks[Name]['args'] extends undefined ? [] : [HostTasks[Name]['args']]
  ): void {
    this.#driven.add(host);
    const task = host.run(name, ...args);
    // `stop` reports a failure; until then nobody waits for the task.
    task.catch(() => {});
    this.#running.push(task);
  }

  /** Ends the background traffic. @returns what each task reported, in the order they were started. */
  async stop(): Promise<readonly unknown[]> {
    await Promise.all([...this.#driven].map((host) => host.run('stop-traffic')));
    const reports = await Promise.all(this.#running);
    this.#running.length = 0;
    this.#driven.clear();
    return reports;
  }
}
