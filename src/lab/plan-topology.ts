// Draws a lab: nodes with pods behind them, servers outside, and a fabric that routes between them. Each pod is wired as Calico
// wires it: a veth, a /32 address, a default route to 169.254.1.1 and proxy ARP on the node's side.
import type { NamespacePlan, TopologyPlan, VethPlan } from './topology-plan.ts';

/** Next hop of pods, as in Calico; also the fabric's own address towards nodes and servers. */
const NEXT_HOP = '169.254.1.1';

export const FABRIC = 'fabric';

export interface TopologyOptions {
  /** At most 200. */
  readonly nodes: number;
  /** At most 200. */
  readonly podsPerNode: number;
  /** Servers outside; at most 20. */
  readonly servers: number;
  /** Addresses of each server; the first is its main one. At most 200 / servers. */
  readonly addressesPerServer?: number;
}

export function nodeName(node: number): string {
  return `node-${node + 1}`;
}

export function podName(node: number, pod: number): string {
  return `node-${node + 1}/pod-${pod + 1}`;
}

export function serverName(server: number): string {
  return `server-${server + 1}`;
}

/** 192.0.2.0/24 is TEST-NET-1. */
export function nodeAddress(node: number): string {
  return `192.0.2.${10 + node}`;
}

export function podAddress(node: number, pod: number): string {
  return `10.244.${node + 1}.${10 + pod}`;
}

/** 203.0.113.0/24 is TEST-NET-3. */
export function serverAddresses(server: number, options: TopologyOptions): readonly string[] {
  const each = options.addressesPerServer ?? 1;
  return Array.from({ length: each }, (_, index) => `203.0.113.${10 + server * each + index}`);
}

/** The whole plan: fabric first, then servers, nodes and pods. */
export function planTopology(options: TopologyOptions): TopologyPlan {
  const nodes = indexes(options.nodes);
  const pods = indexes(options.podsPerNode);
  return [
    planFabric(options),
    ...indexes(options.servers).map((server) => planServer(server, options)),
    ...nodes.flatMap((node) => [planNode(node, options), ...pods.map((pod) => planPod(node, pod))]),
  ];
}

function planFabric(options: TopologyOptions): NamespacePlan {
  const nodes = indexes(options.nodes);
  const servers = indexes(options.servers);
  const toNode = (node: number): VethPlan => ({ name: `n${node + 1}`, peerOf: nodeName(node), peerName: 'eth0' });
  const toServer = (server: number): VethPlan => ({
    name: `s${server + 1}`,
    peerOf: serverName(server),
    peerName: 'eth0',
  });
  const veths = [...nodes.map(toNode), ...servers.map(toServer)];
  return {
    name: FABRIC,
    sysctls: { ...QUIET, ...FORWARDING },
    veths,
    addresses: veths.map(({ name }) => ({ link: name, address: NEXT_HOP, prefix: 32 })),
    routes: [
      ...nodes.flatMap((node) => [
        { destination: nodeAddress(node), prefix: 32, link: `n${node + 1}` },
        { destination: `10.244.${node + 1}.0`, prefix: 24, link: `n${node + 1}`, gateway: nodeAddress(node) },
      ]),
      ...servers.flatMap((server) =>
        serverAddresses(server, options).map((address) => ({
          destination: address,
          prefix: 32,
          link: `s${server + 1}`,
        })),
      ),
    ],
    linkSysctls: {},
  };
}

function planServer(server: number, options: TopologyOptions): NamespacePlan {
  return {
    name: serverName(server),
    sysctls: { ...QUIET, ...MANY_CONNECTIONS },
    veths: [],
    addresses: serverAddresses(server, options).map((address) => ({ link: 'eth0', address, prefix: 32 })),
    routes: defaultRoute('eth0'),
    linkSysctls: {},
  };
}

function planNode(node: number, options: TopologyOptions): NamespacePlan {
  const pods = indexes(options.podsPerNode);
  const calico = (pod: number): string => `cali${node + 1}x${pod + 1}`;
  return {
    name: nodeName(node),
    sysctls: { ...QUIET, ...FORWARDING },
    veths: pods.map((pod) => ({ name: calico(pod), peerOf: podName(node, pod), peerName: 'eth0' })),
    addresses: [{ link: 'eth0', address: nodeAddress(node), prefix: 32 }],
    routes: [
      ...defaultRoute('eth0'),
      ...pods.map((pod) => ({ destination: podAddress(node, pod), prefix: 32, link: calico(pod) })),
    ],
    linkSysctls: Object.fromEntries(
      pods.flatMap((pod) => [
        [`net/ipv4/conf/${calico(pod)}/proxy_arp`, 1],
        // Without this the kernel answers a proxied ARP request only after up to 0.8 s.
        [`net/ipv4/neigh/${calico(pod)}/proxy_delay`, 0],
      ]),
    ),
  };
}

function planPod(node: number, pod: number): NamespacePlan {
  return {
    name: podName(node, pod),
    sysctls: { ...QUIET, ...MANY_CONNECTIONS },
    veths: [],
    addresses: [{ link: 'eth0', address: podAddress(node, pod), prefix: 32 }],
    routes: defaultRoute('eth0'),
    linkSysctls: {},
  };
}

/** IPv4 only and no reverse-path test: a new namespace inherits the machine's settings, which differ. */
const QUIET = {
  'net/ipv6/conf/all/disable_ipv6': 1,
  'net/ipv6/conf/default/disable_ipv6': 1,
  'net/ipv4/conf/all/rp_filter': 0,
  'net/ipv4/conf/default/rp_filter': 0,
};

const FORWARDING = { 'net/ipv4/ip_forward': 1 };

const MANY_CONNECTIONS = { 'net/ipv4/ip_local_port_range': '32768 60999' };

function defaultRoute(link: string): NamespacePlan['routes'] {
  return [
    { destination: NEXT_HOP, prefix: 32, link },
    { destination: '0.0.0.0', prefix: 0, link, gateway: NEXT_HOP },
  ];
}

function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
