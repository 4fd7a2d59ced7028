// Who holds one port of a node, towards which remotes; several port spaces may share the port. Pure.
import { DST_NAT, INBOUND, SRC_NAT } from '../model/flow-status.ts';
import type { Holder } from '../model/holder.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { podName } from '../model/pod.ts';
import type { PortClaim } from '../model/port-claim.ts';
import { rangeContains } from '../model/port-range.ts';
import type { PortSpace } from '../model/port-space.ts';
import { TCP } from '../model/protocol.ts';
import { tcpStateName } from '../model/tcp-state.ts';
import type { Gap } from '../model/gap.ts';
import { allClaims } from './claims-in-range.ts';
import { PodAddresses } from './pod-addresses.ts';
import { silentSeconds } from './silent-seconds.ts';

export const PORT_ANSWER_SCHEMA = 'portolan.dev/port-answer/v1';

/** One conntrack entry that holds the port. */
export interface PortFlow {
  readonly portSpace: PortSpace;
  /** Who opened it, before translation; for an inbound flow the remote. */
  readonly source: string;
  readonly sourcePort: number;
  /** `snat`: translated; `own`: the node's own connection; `inbound`: opened towards the node. */
  readonly way: 'snat' | 'own' | 'inbound';
  /** Whether it was also redirected to a Service. */
  readonly isRedirected: boolean;
  /** TCP state, or the protocol where there is none. */
  readonly state: string;
  readonly timeoutSeconds: number;
  /** Without a packet for at least so long, and so never younger; 0 where not known. */
  readonly silentSeconds: number;
  /** Undefined where pods are not known, or the flow is inbound. */
  readonly holder?: Holder;
  /** `payments/checkout-7f8d-x2x9p`. */
  readonly pod?: string;
  /** RFC 3339. */
  readonly podStartedAt?: string;
}

export interface PortQuestion {
  /** Address of the node, canonical text. */
  readonly address: string;
  readonly port: number;
  /** IPPROTO_*; undefined: all. */
  readonly protocol?: number;
}

export interface PortAnswer extends PortQuestion {
  readonly schema: typeof PORT_ANSWER_SCHEMA;
  readonly node: string;
  /** ISO 8601. */
  readonly at: string;
  /** By remote. */
  readonly flows: readonly PortFlow[];
  /** Who else has an interest in the port. */
  readonly claims: readonly PortClaim[];
  readonly flowsRead: boolean;
  readonly gaps: readonly Gap[];
}

/** One pass over one column. */
export function answerPort(facts: NodeFacts, question: PortQuestion): PortAnswer {
  const { port, protocol } = question;
  return {
    schema: PORT_ANSWER_SCHEMA,
    ...question,
    node: facts.node,
    at: facts.at,
    flows: flowsOn(facts, question),
    claims: allClaims(facts).filter(
      (claim) => rangeContains(claim.ports, port) && (protocol === undefined || claim.protocol === protocol),
    ),
    flowsRead: facts.flowsSource !== undefined,
    gaps: facts.gaps,
  };
}

function flowsOn(facts: NodeFacts, { address, port, protocol }: PortQuestion): PortFlow[] {
  const { flows } = facts;
  const addresses = facts.pods === undefined ? undefined : new PodAddresses(facts, facts.pods);
  const found: PortFlow[] = [];
  for (let row = 0; row < flows.flowCount; row += 1) {
    if (flows.flows.port[row] !== port) continue;
    const portSpace = flows.portSpace(flows.flows.portSpace[row] ?? 0);
    if (portSpace.snatAddress !== address || (protocol !== undefined && portSpace.protocol !== protocol)) continue;
    found.push(portFlow(facts, { row, portSpace, addresses }));
  }
  return found.toSorted(
    (left, right) =>
      left.portSpace.protocol - right.portSpace.protocol ||
      left.portSpace.remoteAddress.localeCompare(right.portSpace.remoteAddress, 'en') ||
      left.portSpace.remotePort - right.portSpace.remotePort,
  );
}

interface FoundRow {
  readonly row: number;
  readonly portSpace: PortSpace;
  readonly addresses: PodAddresses | undefined;
}

function portFlow(facts: NodeFacts, { row, portSpace, addresses }: FoundRow): PortFlow {
  const { flows, settings } = facts;
  const status = flows.flows.status[row] ?? 0;
  const source = flows.flows.source[row] ?? 0;
  const way = (status & INBOUND) !== 0 ? 'inbound' : (status & SRC_NAT) !== 0 ? 'snat' : 'own';
  return {
    portSpace,
    source: flows.address(source),
    sourcePort: flows.flows.sourcePort[row] ?? 0,
    way,
    isRedirected: (status & DST_NAT) !== 0,
    state: portSpace.protocol === TCP ? tcpStateName(flows.flows.tcpState[row] ?? 0) : '',
    timeoutSeconds: flows.flows.timeoutSeconds[row] ?? 0,
    silentSeconds: silentSeconds(flows, { row, settings }),
    ...(addresses === undefined || way === 'inbound' ? {} : ownerOf(addresses, source)),
  };
}

function ownerOf(addresses: PodAddresses, source: number): Pick<PortFlow, 'holder' | 'pod' | 'podStartedAt'> {
  const { holder, pod } = addresses.of(source);
  if (pod === undefined) return { holder };
  return { holder, pod: podName(pod), ...(pod.startedAt === undefined ? {} : { podStartedAt: pod.startedAt }) };
}
