// A lab: real nodes, pods and servers made of kernel namespaces, held by this process and gone with it.
import { closeSync } from 'node:fs';
import { PortolanError } from '../core/errors/portolan-error.ts';
import { buildTopology } from './build-topology.ts';
import { calicoIptablesRules, type EgressNat, installCalicoRules, replaceCalicoRules } from './calico-rules.ts';
import { Host } from './host.ts';
import type { NatFlavour } from './nat-flavour.ts';
import {
  FABRIC,
  nodeAddress,
  nodeName,
  planTopology,
  podAddress,
  podName,
  serverAddresses,
  serverName,
  type TopologyOptions,
} from './plan-topology.ts';
import type { IptablesProgram } from './restore-iptables.ts';

export interface LabOptions extends TopologyOptions {
  /** Egress NAT of every node; undefined installs no rules. */
  readonly nat?: EgressNat;
  readonly flavour?: NatFlavour;
}

export interface LabPod {
  readonly address: string;
  readonly host: Host;
}

export interface LabServer {
  /** The first is the main one. */
  readonly addresses: readonly string[];
  readonly host: Host;
}

export interface LabNode {
  readonly name: string;
  readonly address: string;
  readonly host: Host;
  readonly pods: readonly LabPod[];
  readonly flavour: NatFlavour;
}

export class Lab {
  readonly fabric: Host;
  readonly nodes: readonly LabNode[];
  readonly servers: readonly LabServer[];
  readonly #hosts: readonly Host[];
  readonly #twins: Host[] = [];

  private constructor(hosts: ReadonlyMap<string, Host>, options: LabOptions) {
    const host = (name: string): Host => {
      const found = hosts.get(name);
      if (found === undefined) throw new Error(`Cannot find lab host: ${name}, wanted one of the plan`);
      return found;
    };
    this.#hosts = [...hosts.values()];
    this.fabric = host(FABRIC);
    this.servers = indexes(options.servers).map((server) => ({
      addresses: serverAddresses(server, options),
      host: host(serverName(server)),
    }));
    this.nodes = indexes(options.nodes).map((node) => ({
      name: nodeName(node),
      address: nodeAddress(node),
      host: host(nodeName(node)),
      pods: indexes(options.podsPerNode).map((pod) => ({
        address: podAddress(node, pod),
        host: host(podName(node, pod)),
      })),
      flavour: options.flavour ?? 'nftables',
    }));
  }

  /** Builds the lab and installs the NAT rules. Errors: PTL_LAB, PTL_NETLINK. */
  static async build(options: LabOptions): Promise<Lab> {
    const built = await buildTopology(planTopology(options));
    const lab = new Lab(new Map(built.map(({ name, netns }) => [name, new Host(name, netns)])), options);
    const { nat } = options;
    if (nat === undefined) return lab;
    try {
      for (const node of lab.nodes) await installNat(node, nat);
    } catch (error) {
      await lab.close();
      throw error;
    }
    return lab;
  }

  /** A second thread in a host's namespace, for a task that must not wait for the first. */
  twin(host: Host): Host {
    const twin = new Host(`${host.name} twin`, host.netns);
    this.#twins.push(twin);
    return twin;
  }

  /** Ends every thread and lets go of every namespace. */
  async close(): Promise<void> {
    await Promise.all([...this.#hosts, ...this.#twins].map((host) => host.stop()));
    for (const host of this.#hosts) closeSync(host.netns);
  }
}

/** Replaces the node's egress NAT in one transaction; flows that exist keep their ports. Errors: PTL_LAB. */
export async function setRange(node: LabNode, nat: EgressNat): Promise<void> {
  if (node.flavour === 'nftables') await node.host.run('nftables', replaceCalicoRules(nat));
  else await installNat(node, nat);
}

async function installNat(node: LabNode, nat: EgressNat): Promise<void> {
  if (node.flavour === 'nftables') {
    await node.host.run('nftables', installCalicoRules(nat));
    return;
  }
  const program: IptablesProgram = `${node.flavour}-restore`;
  const report = await node.host.run('restore-iptables', { program, rules: calicoIptablesRules(nat) });
  if (!report.ok) throw new PortolanError('PTL_LAB', `Cannot install iptables rules: ${report.why}, wanted ${program}`);
}

function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
