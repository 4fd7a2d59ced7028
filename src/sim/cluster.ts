// Who is where in a simulated cluster: pods on nodes, port spaces by node and destination, and what each node counts.
import { finishHash, mixHash } from '../core/model/integer-hash.ts';
import { NodeCounts } from './node-counts.ts';
import type { SimScenario } from './sim-scenario.ts';
import { SimSpace } from './sim-space.ts';

/** Pods of one workload: a run of pod numbers. */
export interface PodRun {
  readonly first: number;
  readonly count: number;
}

export class Cluster {
  readonly destinations: number;
  readonly addressesPerNode: number;
  /** By workload. */
  readonly pods: readonly PodRun[];
  /** By workload: row of its destination. */
  readonly destinationOf: Int32Array;
  /** By pod. */
  readonly workloadOf: Int32Array;
  /** By pod: where its new connections start. */
  readonly nodeOf: Int32Array;
  /** Every node that ever existed, by number. */
  readonly nodes: NodeCounts[] = [];
  /** Every port space that ever had a flow, by row. */
  readonly spaces: SimSpace[] = [];
  readonly #spaceRows = new Map<number, number>();
  readonly #onNodes: readonly (number | undefined)[];
  #nodeCount = 0;

  constructor({ nodes, destinations, workloads }: SimScenario) {
    this.destinations = destinations.length;
    this.addressesPerNode = nodes.snatAddresses;
    this.#onNodes = workloads.map(({ onNodes }) => onNodes);
    this.destinationOf = Int32Array.from(workloads, ({ destination }) =>
      destinations.findIndex(({ name }) => name === destination),
    );
    let first = 0;
    this.pods = workloads.map(({ pods }) => ({ first: (first += pods) - pods, count: pods }));
    this.nodeOf = new Int32Array(first);
    this.workloadOf = new Int32Array(first);
    this.pods.forEach((run, workload) => this.workloadOf.fill(workload, run.first, run.first + run.count));
    this.setNodes(nodes.count);
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
        this.nodeOf[run.first + pod] = onNodes === undefined ? turn++ % count : pod % Math.min(onNodes, count);
      }
    });
  }

  /** The port space of a pod's flows, made when it is the first. */
  spaceOf(pod: number): SimSpace {
    const node = this.nodeOf[pod] ?? 0;
    const destination = this.destinationOf[this.workloadOf[pod] ?? 0] ?? 0;
    const address = this.#addressOf(pod, destination);
    const key = (node * this.destinations + destination) * this.addressesPerNode + address;
    const known = this.#spaceRows.get(key);
    const space = known === undefined ? undefined : this.spaces[known];
    return space ?? this.#addSpace(key, { row: this.spaces.length, node, destination, address });
  }

  #addSpace(key: number, place: SimSpace['place']): SimSpace {
    const space = new SimSpace(place);
    this.#spaceRows.set(key, place.row);
    this.spaces.push(space);
    return space;
  }

  /** The kernel hashes source and destination address, so a pod keeps its address per destination (find_best_ips_proto). */
  #addressOf(pod: number, destination: number): number {
    if (this.addressesPerNode === 1) return 0;
    return (finishHash(mixHash(mixHash(0, pod + 1), destination + 1)) >>> 0) % this.addressesPerNode;
  }
}
