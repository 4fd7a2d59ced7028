// What every implementation under test looks like: a node that translates the source of new flows to a few remotes.
// The reference search, the simulator's finder, the allocator and the running kernel all answer to it.
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import type { NatRandom } from '../../src/core/model/nat-rule.ts';
import type { PortRange } from '../../src/core/model/port-range.ts';
import type { PortSet } from '../../src/core/model/port-set.ts';

/** A new flow's first packet: a SYN, a datagram or an echo request. */
export interface Flow {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly source: string;
  /** The pod's own port; the identifier of an echo request. */
  readonly sourcePort: number;
  readonly remote: string;
  /** 0 for an echo request. */
  readonly remotePort: number;
  /** Sequence number of a SYN, u32; hand-made entries end at 0. Drawn anew when undefined. */
  readonly sequence?: number;
}

/** Where a flow's packets leave from. */
export interface Translated {
  readonly address: string;
  readonly port: number;
}

/** One part of a rule that chooses among several at random. */
export interface RulePart {
  readonly address?: string;
  readonly range: PortRange;
  /** 0..1. */
  readonly share: number;
}

/** The one translation rule of a node. */
export interface Rule {
  /** SNAT addresses; undefined: masquerade behind the node's own. */
  readonly addresses?: readonly string[];
  readonly range?: PortRange;
  readonly random: NatRandom;
  /** The address follows the pod alone, not the remote. */
  readonly persistent?: boolean;
  /** `numgen random`: replaces `range` and `addresses`. */
  readonly parts?: readonly RulePart[];
}

/** Entries made by hand, all towards one remote. */
export interface Fill {
  readonly protocol: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly ports: Uint16Array;
  /** TCP states that take turns. */
  readonly tcpStates?: readonly number[];
  /** IPS_FIXED_TIMEOUT. */
  readonly fixed?: boolean;
}

/** One port space as a test asks for it. */
export interface Space {
  readonly protocol: number;
  readonly remote: string;
  readonly remotePort: number;
  /** SNAT address; the node's own when undefined. */
  readonly address?: string;
}

export interface NatNode {
  readonly name: string;
  readonly behaviour: SearchBehaviour;
  /** Occupied candidates that searches have met so far, as the kernel counts them. */
  readonly found: number;
  /** Packets dropped so far because their port was taken when they were confirmed. */
  readonly insertFailed: number;
  /** @returns false when the packet was dropped. */
  open(flow: Flow): boolean;
  /** Ends a flow's entry at once; nothing when there is none. */
  close(flow: Flow): void;
  /** Puts a TCP flow's entry into a state, as if packets had. */
  age(flow: Flow, tcpState: number): void;
  /** Where the flow leaves from; undefined when it has no entry. */
  translated(flow: Flow): Translated | undefined;
  /** Makes entries by hand, one a port, on the node's own address. */
  occupy(fill: Fill): void;
  /** Ports held in a port space. */
  held(space: Space): PortSet;
  /** Lets go of sockets; the node is of no use afterwards. */
  dispose(): void;
}

/** Makes an empty node with this rule. */
export type NodeMaker = (rule: Rule) => NatNode;

/** The addresses of every node under test. */
export const NODE_ADDRESS = '192.0.2.10';
export const NODE_ADDRESS_6 = '2001:db8::10';
export const REMOTE = '203.0.113.10';
export const REMOTE_6 = '2001:db8:1::10';
