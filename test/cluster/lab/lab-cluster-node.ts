// One node of a lab cluster: its namespace, its pods under the names that the API server knows, and what can go wrong with it.
import type { FillReport, FlowFill } from '../../../src/kernel/conntrack/flow-fill.ts';
import type { NatFlavour } from '../../../src/lab/nat-flavour.ts';
import type { ApiAccess } from '../api-access.ts';
import { CALICO_CONTAINER } from './calico-node-pods.ts';
import type { FelixStandIn } from './felix-stand-in.ts';
import { writeNodeReady } from './lab-nodes.ts';
import type { PodWish } from './lab-pods.ts';
import type { RemoteHost } from './lab-process.ts';
import type { Workload } from './lab-workloads.ts';
import type { CommandList, Execution, KubeletFault, TestKubelet } from './test-kubelet.ts';

export interface LabClusterPod {
  readonly workload: Workload;
  readonly name: string;
  readonly address: string;
  readonly host: RemoteHost;
}

export interface LabClusterServer {
  /** The first is the main one. */
  readonly addresses: readonly string[];
  readonly host: RemoteHost;
}

export interface LabClusterNodeParts {
  readonly admin: ApiAccess;
  readonly kubelet: TestKubelet;
  readonly host: RemoteHost;
  readonly address: string;
  readonly flavour: NatFlavour;
  readonly calicoPod: PodWish;
  readonly pods: readonly LabClusterPod[];
  readonly felix: FelixStandIn;
}

/** Ports of this node that connections to one place hold; TCP, for minutes, unless said otherwise. */
export type HeldPorts = Partial<FlowFill> & Pick<FlowFill, 'snatPorts' | 'remoteAddress' | 'remotePort'>;

const TCP = 6;

export class LabClusterNode {
  readonly #parts: LabClusterNodeParts;
  readonly host: RemoteHost;
  /** Its pods go out by this. */
  readonly address: string;
  readonly flavour: NatFlavour;
  readonly pods: readonly LabClusterPod[];
  readonly felix: FelixStandIn;

  constructor(parts: LabClusterNodeParts) {
    this.#parts = parts;
    this.host = parts.host;
    this.address = parts.address;
    this.flavour = parts.flavour;
    this.pods = parts.pods;
    this.felix = parts.felix;
  }

  get name(): string {
    return this.host.name;
  }

  /** Where exec reaches this node. */
  get calicoNode(): { readonly namespace: string; readonly pod: string; readonly container: string } {
    const { namespace, name } = this.#parts.calicoPod;
    return { namespace, pod: name, container: CALICO_CONTAINER };
  }

  /** The pod of this place; throws where there is none. */
  pod(index: number): LabClusterPod {
    const pod = this.pods[index];
    if (pod === undefined) throw new RangeError(`no pod ${index} on ${this.name}, which has ${this.pods.length}`);
    return pod;
  }

  /** What is wrong with its kubelet from now on; `{}` heals it. */
  setKubeletFault(fault: KubeletFault): Promise<void> {
    return this.#parts.kubelet.setFault(this.name, fault);
  }

  /** The commands that were asked of it so far. */
  executed(): Promise<readonly Execution[]> {
    return this.#parts.kubelet.executed(this.name);
  }

  /** How many connections its kubelet has taken so far. */
  connections(): Promise<number> {
    return this.#parts.kubelet.connections(this.name);
  }

  /** Lets exec reach this node by another pod too, `namespace/pod/container`. */
  allow(container: string, commands: CommandList): Promise<void> {
    return this.#parts.kubelet.allow(this.name, container, commands);
  }

  /** What its Node object says of being ready. */
  setReady(ready: 'True' | 'False' | 'Unknown'): Promise<void> {
    return writeNodeReady(this.#parts.admin, this.name, ready);
  }

  /** Writes flows into the node's conntrack table as if its pods held them. */
  async hold(held: HeldPorts): Promise<FillReport> {
    const report = await this.host.run('create-flows', {
      protocol: TCP,
      sources: this.pods.map(({ address }) => address),
      firstSourcePort: 1024,
      snatAddress: this.address,
      timeoutSeconds: { first: 3000, last: 3600 },
      ...held,
    });
    if (report.refused > 0) throw new Error(`${report.refused} flows were refused: ${report.firstRefusal}`);
    return report;
  }
}
