// One source-NAT rule of the kernel, whichever program and back end wrote it, in the order the kernel evaluates it.
import type { PortRange } from './port-range.ts';

/** `ebpf`: no rule of netfilter but a program, such as Cilium's. `felix-log`: not read, calico-node's log says that it is written. */
export type NatBackend = 'nftables' | 'iptables-nft' | 'iptables-legacy' | 'ebpf' | 'felix-log';

/** Who wrote the rule, judged by table, chain and comment names. */
export type NatOwner =
  | 'calico'
  | 'kube-proxy'
  | 'cilium'
  | 'flannel'
  | 'kindnet'
  | 'ip-masq-agent'
  | 'aws-vpc-cni'
  | 'antrea'
  | 'cni-plugins'
  | 'docker'
  | 'libvirt'
  | 'portolan'
  | 'unknown';

/** Which traffic a rule is meant for; only `egress` rules take ordinary pod egress. */
export type NatScope = 'egress' | 'service-mark' | 'tunnel' | 'other';

/** What a rule tests. Undefined fields are not tested. */
export interface NatMatch {
  /** IPPROTO_*. */
  readonly protocol?: number;
  /** CIDR, set name with `@`, or text of the source test; a leading `!` negates. */
  readonly source?: string;
  /** The same for the destination. */
  readonly destination?: string;
  readonly inInterface?: string;
  readonly outInterface?: string;
  /** `value/mask` in hex. */
  readonly mark?: string;
  readonly destinationPort?: PortRange;
  /** Tests that were seen but are not understood, named; they may narrow the rule. */
  readonly other: readonly string[];
}

/** random: NF_NAT_RANGE_PROTO_RANDOM; random-fully: NF_NAT_RANGE_PROTO_RANDOM_FULLY; identical since Linux 5.0. */
export type NatRandom = 'none' | 'random' | 'random-fully';

export type NatAction =
  /** The address of the outgoing device is used. `range` undefined: no port range is set (1024-65535 for most flows). */
  | { readonly kind: 'masquerade'; readonly range?: PortRange; readonly random: NatRandom }
  | {
      readonly kind: 'snat';
      readonly addresses: readonly string[];
      readonly range?: PortRange;
      readonly random: NatRandom;
    }
  /** Ends the evaluation of the base chain for matching packets: accept, or return that leaves an effective exemption. */
  | { readonly kind: 'accept' | 'return' };

/** A rule reachable from a postrouting nat hook. */
export interface NatRule {
  readonly backend: NatBackend;
  readonly family: 'ip' | 'ip6' | 'inet';
  readonly table: string;
  /** Chains from the base chain to the rule's own chain. */
  readonly path: readonly string[];
  /** Priority of the base chain; lower runs first (srcnat = 100). */
  readonly priority: number;
  /** 0-based place in the kernel's evaluation order over all tables, families and back ends. */
  readonly order: number;
  readonly match: NatMatch;
  readonly action: NatAction;
  readonly owner: NatOwner;
  readonly scope: NatScope;
  /** Packets (= new flows) this rule took; undefined when the rule has no counter. */
  readonly packets?: number;
  readonly bytes?: number;
  readonly comment?: string;
}

/** A prerouting rule that redirects a local port: NodePort, hostPort. */
export interface DnatPort {
  readonly protocol: number;
  readonly ports: PortRange;
  /** The local address the rule asks for; undefined for any. */
  readonly address?: string;
  readonly owner: NatOwner;
  /** Where it was read: `table chain`. */
  readonly where: string;
}

/** A raw-priority rule that keeps packets to a port out of conntrack (NOTRACK): replies to a SNAT port there are lost. */
export interface UntrackedPort {
  readonly protocol: number;
  readonly ports: PortRange;
  /** The local address the rule asks for; undefined for any. */
  readonly address?: string;
  readonly owner: NatOwner;
  readonly where: string;
}

/** Everything one namespace's NAT rules say. */
export interface NatRules {
  readonly sourceNat: readonly NatRule[];
  readonly dnatPorts: readonly DnatPort[];
  readonly untrackedPorts: readonly UntrackedPort[];
}
