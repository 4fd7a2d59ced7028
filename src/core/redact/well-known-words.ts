// Words that say which software runs and nothing about whose: they stay, so that a redacted answer can still be read.
import { ownerName } from '../model/owner-name.ts';
import { isWellKnownOwner } from '../model/well-known-ports.ts';

/** Namespaces that Kubernetes, Calico and Cilium make themselves. */
const NAMESPACES = new Set([
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'calico-system',
  'calico-apiserver',
  'tigera-operator',
  'cilium',
  'kube-flannel',
  'ibm-system',
  'openshift-ovn-kubernetes',
]);

/** What runs in them. */
const WORKLOADS = new Set([
  'calico-node',
  'calico-typha',
  'calico-kube-controllers',
  'calico-apiserver',
  'kube-proxy',
  'coredns',
  'node-local-dns',
  'cilium',
  'cilium-operator',
  'konnectivity-agent',
  'kube-apiserver',
  'kube-flannel-ds',
  'kube-dns',
  'kubernetes',
]);

/** Names of ordinary daemons (/proc/<pid>/comm), beside those that well-known ports name. */
const DAEMONS = new Set([
  'sshd',
  'systemd',
  'systemd-resolve',
  'systemd-network',
  'chronyd',
  'ntpd',
  'rpcbind',
  'rpc.statd',
  'containerd',
  'dockerd',
  'docker-proxy',
  'crio',
  'dhclient',
  'dnsmasq',
  'avahi-daemon',
  'cupsd',
  'master',
]);

/** What rules, links and sources are called by those who make them. */
const PATTERNS: readonly RegExp[] = [
  /^(?:nat|raw|filter|mangle|security|ip|ip6|inet|link|sock_diag|ss|rtnetlink|nf_tables|Service|Pod|Node|hostPort|NodePort|NodePorts|unknown)$/,
  /^\/proc\/net\/\w+$/,
  /^(?:PREROUTING|POSTROUTING|OUTPUT|INPUT|FORWARD|prerouting|postrouting|output|input|forward|srcnat|dstnat|masquerading|services|nat-postrouting|nat-prerouting|nat-output)$/,
  /^(?:KUBE|CNI|DOCKER|AWS|FLANNEL|ANTREA|IP-MASQ|KIND-MASQ|LIBVIRT|CILIUM|OLD_CILIUM)[A-Z0-9_-]*$/,
  // Calico's policy chains may hold the name of a policy: only those of SNAT stay.
  /^(?:nat-|raw-)?cali-(?:nat-outgoing|POSTROUTING|PREROUTING|OUTPUT|fip-dnat|fip-snat|cidr-block)$/,
  /^cali:[\w-]{16}$/,
  /^cali\d\d(?:masq-ipam-pools|all-ipam-pools|all-hosts-net|this-host|all-vxlan-net)$/,
  /^(?:calico|kube-proxy|portolan|kindnet|kind-masq-agent|ip-masq-agent|cilium|flannel-ipv[46])$/,
  /^(?:lo|eth\d+|en[osp]\d[a-z\d]*|bond\d+|docker0|cni0|kube-ipvs0|nodelocaldns|tunl0|vxlan(?:-v6)?\.calico|wireguard\.cali|wg-v6\.cali|flannel\.\d+|cilium_\w+|virbr\d+|cali[0-9a-f]{11}|cali\+|veth[0-9a-f]+)$/,
  // Numbers, masks, port ranges, protocols and the words of rule tests.
  /^(?:0x[\da-f]{1,8}|\d{1,10})(?:[-:](?:0x[\da-f]{1,8}|\d{1,10}))*$/,
  /^(?:tcp|udp|sctp|icmp|icmpv6|addrtype|fib|saddr|daddr|oif|iif|type|local|LOCAL|UNICAST|src|dst|mark|ct|meta|state|status|set|comment|numgen|random|inc|mod|limit|statistic|probability|conntrack|ctstate|NEW|ESTABLISHED|RELATED|DNAT|SNAT|fully|fully-random|random-fully)$/,
];

/** Whole texts that programs write themselves. */
const TEXTS = new Set([
  'kubernetes service traffic requiring SNAT',
  'kubernetes postrouting rules',
  'kubernetes service portals',
  'flanneld masq',
  'AWS SNAT CHAIN',
  'ip-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)',
]);

export function isWellKnownNamespace(name: string): boolean {
  return NAMESPACES.has(name);
}

export function isWellKnownWorkload(name: string): boolean {
  return WORKLOADS.has(name);
}

/** A claim's owner that says which software it is. */
export function isWellKnownOwnerText(owner: string): boolean {
  return ownerName(owner) !== owner || isWellKnownOwner(owner) || DAEMONS.has(owner) || TUNNEL_OWNER.test(owner);
}

const TUNNEL_OWNER = /^(?:Calico|flannel|Cilium|Open vSwitch|Antrea|Weave|Kilo) (?:VXLAN|WireGuard|Geneve)$/;

export function isWellKnownText(text: string): boolean {
  return TEXTS.has(text);
}

/** One word of a text that somebody else wrote. */
export function isWellKnownWord(word: string): boolean {
  return PATTERNS.some((pattern) => pattern.test(word)) || NAMESPACES.has(word) || WORKLOADS.has(word);
}
