// Who is where in a simulated cluster: pods on nodes, port spaces by node and destination, and what each node counts.
import { finishHash, mixHash } from '../core/model/integer-hash.ts';
import { NodeCounts } from './node-counts.ts';
import type { SimScenario } from './sim-scenario.ts';
import { SimSpace } from './sim-space.ts';
import { SpaceGroup } from './space-group.ts';

/** Pods of one workload: a run of pod numbers. */
export interface PodRun {
  readonly first: number;
  readonly count: number;
}

const UNKNOWN = -1;

export class Cluster {
  readonly addressesPerNode: number;
  /** By workload. */
  readonly pods: readonly PodRun[];
  /** By workload: row of its destination; -1 when the scenario has none of that name. */
  readonly destinationOf: Int32Array;
  /** By pod. */
  readonly workloadOf: Int32Array;
  /** Every node that ever existed, by number. */
  readonly nodes: NodeCounts[] = [];
  /** Every port space that ever had a flow, by row. */
  readonly spaces: SimSpace[] = [];
  readonly groups: SpaceGroup[] = [];
  /** By pod: where its new connections start. */
  readonly #nodeOf: Int32Array;
  /** By pod: row of the port space of its new connections, once it had one. */
  readonly #spaceOf: Int32Array;
  readonly #spaceRows = new Map<number, number>();
  readonly #onNodes: readonly (number | undefined)[];
  #nodeCount = 0;

  constructor({ nodes, destinations, workloads }: SimScenario) {
    this.addressesPerNode = nodes.snatAddresses;
    this.#onNodes = workloads.map(({ onNodes }) => onNodes);
    this.destinationOf = Int32Array.from(workloads, ({ destination }) =>
      destinations.findIndex(({ name }) => name === destination),
    );
    let pods = 0;
    this.pods = workloads.map(({ pods: count }) => ({ first: (pods += count) - count, count }));
    this.#nodeOf = new Int32Array(pods);
    this.#spaceOf = new Int32Array(pods);
    this.workloadOf = new Int32Array(pods);
    this.pods.forEach((run, workload) => this.workloadOf.fill(workload, run.first, run.first + run.count));
    this.setNodes(nodes.count);
  }

  get podCount(): number {
    return this.workloadOf.length;
  }

  /** How many nodes take new connections. */
  get nodeCount(): number {
    return this.#nodeCount;
  }

  /** Spreads the pods over so many nodes: one after another over all of them, or over the first ones. */
  setNodes(count: number): void {
    this.#nodeCount = count;
    while (this.nodes.length < count) this.nodes.push(new NodeCounts());
    let turn = 0;
    this.pods.forEach((run, workload) => {
      const onNodes = this.#onNodes[workload];
      for (let pod = 0; pod < run.count; pod += 1) {
        this.#nodeOf[run.first + pod] = onNodes === undefined ? turn++ % count : pod % Math.min(onNodes, count);
      }
    });
    this.#spaceOf.fill(UNKNOWN);
  }

  /** The port space of a pod's new flows, made when it is the first. */
  spaceOf(pod: number): SimSpace {
    return this.spaces[this.#spaceOf[pod] ?? UNKNOWN] ?? this.#findSpace(pod);
  }

  #findSpace(pod: number): SimSpace {
    const node = this.#nodeOf[pod] ?? 0;
    const destination = this.destinationOf[this.workloadOf[pod] ?? 0] ?? 0;
    const address = this.#addressOf(pod, destination);
    const key = (destination * this.addressesPerNode + address) * 65_536 + node;
    const row = this.#spaceRows.get(key) ?? this.spaces.length;
    this.#spaceRows.set(key, row);
    this.#spaceOf[pod] = row;
    const known = this.spaces[row];
    if (known !== undefined) return known;
    const group = this.#groupOf(node, destination);
    const space = new SimSpace(row, { group, address });
    group.spaces.push(space);
    this.spaces.push(space);
    return space;
  }

  #groupOf(node: number, destination: number): SpaceGroup {
    const known = this.groups.find((group) => group.node === node && group.destination === destination);
    if (known !== undefined) return known;
    const group = new SpaceGroup(node, destination);
    this.groups.push(group);
    return group;
  }

  /** The kernel hashes source and destination address, so a pod keeps its address per destination (find_best_ips_proto). */
  #addressOf(pod: number, destination: number): number {
    if (this.addressesPerNode === 1) return 0;
    return (finishHash(mixHash(mixHash(0, pod + 1), destination + 1)) >>> 0) % this.addressesPerNode;
  }
}
