// Two nodes of one application that talks to one place outside: the first node has spent nearly all source ports towards it, and
// connections from its pods are lost while it lasts.
import { setTimeout as sleep } from 'node:timers/promises';
import { corpusPath } from '../../nat-rules/corpus.ts';
import { LabCluster, type LabGround } from '../lab/lab-cluster.ts';
import { CHECKOUT, LEDGER } from '../lab/lab-cluster-options.ts';
import type { LabClusterNode, LabClusterPod } from '../lab/lab-cluster-node.ts';

export const STORY_RANGE = { first: 32_768, last: 65_535 } as const;
export const REMOTE_PORT = 443;
/** One port in this many stays free, evenly spread: a search of 248 ports then often finds none. */
const FREE_PORT_SPACING = 270;
const PATIENCE_MILLISECONDS = 3000;

export interface Connects {
  readonly opened: number;
  readonly of: number;
}

export class EgressStory {
  readonly cluster: LabCluster;
  #isBusy = false;
  #traffic: Promise<void> = Promise.resolve();

  private constructor(cluster: LabCluster) {
    this.cluster = cluster;
  }

  static async begin(ground: LabGround): Promise<EgressStory> {
    const workloads = [CHECKOUT, LEDGER];
    const services = [{ name: 'checkout', workload: CHECKOUT, kind: 'NodePort', port: 80, nodePort: 30_080 }] as const;
    const cluster = await LabCluster.start(ground, { nodes: 2, podsPerNode: 4, workloads, services });
    // kube-proxy itself does not run here; its rules, with that NodePort, do.
    for (const node of cluster.nodes) node.host.print('nft', '-f', corpusPath('kube-proxy.nft'));
    const story = new EgressStory(cluster);
    await cluster.server(0).host.run('tcp-listen', { port: REMOTE_PORT, manner: 'hold' });
    const { first, last } = STORY_RANGE;
    const ports = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const held = ports.filter((port) => (port - first) % FREE_PORT_SPACING !== 0);
    await story.crowded.hold({ ...story.#remote, snatPorts: Uint16Array.from(held), sources: story.#checkoutPods() });
    return story;
  }

  /** The node that runs out. */
  get crowded(): LabClusterNode {
    return this.cluster.node(0);
  }

  /** Real connects of a pod of the crowded node, all at once. */
  async connect(count: number): Promise<Connects> {
    const options = { count, concurrency: count, timeoutMs: PATIENCE_MILLISECONDS, closer: 'client' } as const;
    const report = await this.#pod(0).host.run('tcp-connect', { ...this.#target, ...options });
    return { opened: report.opened, of: count };
  }

  /** From now on a pod of each node connects again and again, and keeps what it opened. */
  startTraffic(): void {
    this.#isBusy = true;
    const one = { concurrency: 1, count: 1, timeoutMs: 1000, closer: 'keep' } as const;
    this.#traffic = (async () => {
      while (this.#isBusy) {
        const pods = this.cluster.nodes.map((node) => node.pod(2));
        await Promise.all(pods.map(({ host }) => host.run('tcp-connect', { ...this.#target, ...one })));
        await sleep(50);
      }
    })();
  }

  async stopTraffic(): Promise<void> {
    this.#isBusy = false;
    await this.#traffic;
  }

  /** SNAT ports of TCP flows of the crowded node towards the remote, as conntrack's own program lists them. */
  portsInUse(): readonly number[] {
    const text = this.crowded.host.print('conntrack', '-L', '-p', 'tcp', '--orig-port-dst', String(REMOTE_PORT));
    return [...text.matchAll(/ dst=\S+ sport=443 dport=(\d+) /g)].map(([, port]) => Number(port));
  }

  async end(): Promise<void> {
    await this.stopTraffic();
    await this.cluster.close();
  }

  get #remote(): { readonly remoteAddress: string; readonly remotePort: number } {
    return { remoteAddress: this.#target.address, remotePort: REMOTE_PORT };
  }

  get #target(): { readonly address: string; readonly port: number } {
    return { address: this.cluster.server(0).addresses[0] ?? '', port: REMOTE_PORT };
  }

  #checkoutPods(): readonly string[] {
    return this.crowded.pods.flatMap(({ workload, address }) => (workload === CHECKOUT ? [address] : []));
  }

  #pod(index: number): LabClusterPod {
    return this.crowded.pod(index);
  }
}
