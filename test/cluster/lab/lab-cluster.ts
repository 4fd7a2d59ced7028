// A lab that is a cluster: its nodes, pods and NAT rules are real in the kernel and known to a real API server, whose exec runs
// in the nodes' namespaces.
import type { ApiAccess } from '../api-access.ts';
import { openSession } from '../api-request.ts';
import { setCalico } from '../calico-cluster.ts';
import { removeNodes } from '../range-objects.ts';
import type { SharedCluster } from '../shared-cluster.ts';
import { completeOptions, type LabClusterOptions } from './lab-cluster-options.ts';
import type { LabClusterNode, LabClusterServer } from './lab-cluster-node.ts';
import { removeNamespaced } from './lab-namespaces.ts';
import { LabProcess } from './lab-process.ts';
import { CALICO_KINDS, type LabParts, registerLab } from './register-lab.ts';
import { TestKubelet } from './test-kubelet.ts';

/** The API server and the programs that a lab cluster stands on: the shared one, or a TestCluster with its binaries. */
export type LabGround = Pick<SharedCluster, 'admin' | 'kubelet' | 'binaries'>;

export class LabCluster {
  readonly #parts: LabParts;
  readonly nodes: readonly LabClusterNode[];
  readonly servers: readonly LabClusterServer[];

  private constructor(parts: LabParts, nodes: readonly LabClusterNode[]) {
    this.#parts = parts;
    this.nodes = nodes;
    this.servers = parts.picture.servers.map((server) => ({
      addresses: server.addresses,
      host: parts.lab.host(server),
    }));
  }

  /** Everything is there and ready when the promise resolves; whatever a lab left on the API server before is gone. */
  static async start(ground: LabGround, wish: LabClusterOptions = {}): Promise<LabCluster> {
    const options = completeOptions(wish);
    const session = openSession(ground.admin);
    await clear(session);
    const { nodes: count, podsPerNode, servers, addressesPerServer, flavour } = options;
    const topology = { nodes: count, podsPerNode, servers, addressesPerServer };
    // Until Felix is there a node has the one rule that it writes without a range.
    const { lab, picture } = await LabProcess.start({ ...topology, flavour, nat: {} });
    const { admin, binaries, kubelet: files } = ground;
    const kubelet = new TestKubelet({ program: binaries.testKubelet, files, enter: lab.enter });
    const parts: LabParts = { admin, session, options, lab, picture, kubelet, felixes: [] };
    try {
      const nodes = await registerLab(parts);
      await Promise.all(parts.felixes.map((felix) => felix.untilRunning()));
      return new LabCluster(parts, nodes);
    } catch (error) {
      await end(parts);
      throw error;
    }
  }

  get admin(): ApiAccess {
    return this.#parts.admin;
  }

  /** Process ids of what runs for this lab. */
  get processes(): number[] {
    return [this.#parts.lab.pid, this.#parts.kubelet.pid].filter((pid) => pid !== undefined);
  }

  /** The node of this place; throws where there is none. */
  node(index: number): LabClusterNode {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`no node ${index} in a lab of ${this.nodes.length}`);
    return node;
  }

  /** The server of this place; throws where there is none. */
  server(index: number): LabClusterServer {
    const server = this.servers[index];
    if (server === undefined) throw new RangeError(`no server ${index} in a lab of ${this.servers.length}`);
    return server;
  }

  /** Ends every process; what the API server was told stays: for a test whose API server is gone. */
  async stop(): Promise<void> {
    await end(this.#parts);
  }

  /** Ends every process and removes every object. */
  async close(): Promise<void> {
    const { session, options } = this.#parts;
    await this.stop();
    await clear(session);
    await setCalico(session, { [options.calico.group]: CALICO_KINDS });
    session.agent.destroy();
  }
}

async function end({ lab, kubelet, felixes }: LabParts): Promise<void> {
  const ended = await Promise.allSettled(felixes.map((felix) => felix.close()));
  await kubelet.close();
  await lab.close();
  for (const felix of ended) if (felix.status === 'rejected') throw felix.reason;
}

async function clear(admin: ApiAccess): Promise<void> {
  await removeNamespaced(admin);
  await removeNodes(admin);
}
