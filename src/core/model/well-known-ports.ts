// Who usually listens where on a Kubernetes node: a name for a port when the process itself cannot be seen.
// Sources: kubernetes pkg/cluster/ports/ports.go, kubernetes.io "Ports and Protocols", Calico's failsafe and component
// ports, Cilium and IBM Cloud documentation; one line each, so that a wrong one is easy to find.
import { TCP, UDP } from './protocol.ts';

interface WellKnownPort {
  readonly protocol: number;
  readonly first: number;
  readonly last: number;
  readonly owner: string;
  /** Names of processes (/proc/<pid>/comm) that this owner runs as. */
  readonly processes: readonly string[];
}

function tcp(
  first: number,
  owner: string,
  options: { last?: number; processes?: readonly string[] } = {},
): WellKnownPort {
  return { protocol: TCP, first, last: options.last ?? first, owner, processes: options.processes ?? [] };
}

function udp(
  first: number,
  owner: string,
  options: { last?: number; processes?: readonly string[] } = {},
): WellKnownPort {
  return { ...tcp(first, owner, options), protocol: UDP };
}

const KUBELET = { processes: ['kubelet', 'k3s', 'k3s-server', 'k3s-agent', 'rke2'] };
const KUBE_PROXY = { processes: ['kube-proxy', 'k3s-server', 'k3s-agent'] };
const CALICO_NODE = { processes: ['calico-node'] };
const CILIUM = { processes: ['cilium-agent', 'cilium-envoy', 'envoy', 'cilium-operator'] };
const AWS_CNI = { processes: ['aws-k8s-agent'] };

const PORTS: readonly WellKnownPort[] = [
  tcp(179, 'Calico BIRD', { processes: ['bird', 'bird6'] }),
  tcp(2040, 'IBM master proxy (apiserver)', { processes: ['haproxy'] }),
  tcp(2041, 'IBM master proxy (etcd)', { processes: ['haproxy'] }),
  tcp(2379, 'etcd', { last: 2380, processes: ['etcd'] }),
  tcp(4240, 'Cilium health', CILIUM),
  tcp(4244, 'Cilium Hubble', CILIUM),
  tcp(5473, 'Calico Typha', { processes: ['calico-typha'] }),
  tcp(6443, 'kube-apiserver', { processes: ['kube-apiserver', 'k3s-server', 'rke2'] }),
  tcp(6666, 'etcd', { last: 6667, processes: ['etcd'] }),
  tcp(8132, 'konnectivity-server', { last: 8134, processes: ['proxy-server'] }),
  tcp(8080, 'NodeLocal DNS health', { processes: ['node-cache'] }),
  tcp(9081, 'Felix node reporter', CALICO_NODE),
  tcp(9091, 'Felix metrics', CALICO_NODE),
  tcp(9093, 'Calico Typha metrics', { processes: ['calico-typha'] }),
  tcp(9094, 'calico-kube-controllers metrics', { processes: ['kube-controllers'] }),
  tcp(9098, 'Calico Typha health', { processes: ['calico-typha'] }),
  tcp(9099, 'Felix health', CALICO_NODE),
  tcp(9100, 'node-exporter', { processes: ['node_exporter'] }),
  tcp(9199, 'Felix health', CALICO_NODE),
  tcp(9253, 'NodeLocal DNS metrics', { processes: ['node-cache'] }),
  tcp(9878, 'Cilium envoy', { last: 9879, processes: CILIUM.processes }),
  tcp(9962, 'Cilium metrics', { last: 9964, processes: CILIUM.processes }),
  tcp(10_248, 'kubelet healthz', KUBELET),
  tcp(10_249, 'kube-proxy metrics', KUBE_PROXY),
  tcp(10_250, 'kubelet', KUBELET),
  tcp(10_255, 'kubelet read-only', KUBELET),
  tcp(10_256, 'kube-proxy healthz', { processes: [...KUBE_PROXY.processes, ...CALICO_NODE.processes] }),
  tcp(10_257, 'kube-controller-manager', { processes: ['kube-controller', 'k3s-server'] }),
  tcp(10_258, 'cloud-controller-manager', { processes: ['cloud-controlle'] }),
  tcp(10_259, 'kube-scheduler', { processes: ['kube-scheduler', 'k3s-server'] }),
  tcp(10_260, 'cloud-controller-manager webhook', { processes: ['cloud-controlle'] }),
  tcp(10_350, 'antrea-agent', { processes: ['antrea-agent'] }),
  tcp(50_051, 'aws-node ipamd', AWS_CNI),
  tcp(52_311, 'BigFix agent', { processes: ['BESClient'] }),
  tcp(61_678, 'aws-node metrics', AWS_CNI),
  tcp(61_679, 'aws-node introspection', AWS_CNI),
  udp(4789, 'VXLAN'),
  udp(6081, 'Geneve'),
  udp(8472, 'VXLAN (Linux default port)'),
  udp(51_820, 'WireGuard', { last: 51_821 }),
  udp(52_311, 'BigFix agent', { processes: ['BESClient'] }),
];

/** Every port of the table by protocol and number; the first line that names a port has it. */
const BY_PORT: ReadonlyMap<number, WellKnownPort> = new Map(
  PORTS.toReversed().flatMap((entry) =>
    Array.from({ length: entry.last - entry.first + 1 }, (_, index): [number, WellKnownPort] => [
      portKey(entry.protocol, entry.first + index),
      entry,
    ]),
  ),
);

function portKey(protocol: number, port: number): number {
  return protocol * 65_536 + port;
}

const UNKNOWN_OWNER = 'unknown';

/** Who may listen: IPPROTO_*, the port, and the process's comm when it could be read. */
export interface PortUser {
  readonly protocol: number;
  readonly port: number;
  readonly process?: string | undefined;
}

/**
 * Names the owner of a listening port: the well-known one when nothing contradicts it, else the process that was seen,
 * else `unknown`. A process that is not one of the well-known owner's wins: the table only says what is usual.
 */
export function portOwner(user: PortUser): string {
  const usual = BY_PORT.get(portKey(user.protocol, user.port));
  if (user.process === undefined) return usual?.owner ?? UNKNOWN_OWNER;
  return usual !== undefined && usual.processes.includes(user.process) ? usual.owner : user.process;
}

const WELL_KNOWN = new Set([UNKNOWN_OWNER, ...PORTS.flatMap(({ owner, processes }) => [owner, ...processes])]);

/** Whether a port's owner is named after software that everybody may run, and not after somebody's own. */
export function isWellKnownOwner(owner: string): boolean {
  return WELL_KNOWN.has(owner);
}
