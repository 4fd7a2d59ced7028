// A port that nobody is known to claim, on which the very pods and servers that answer each other from other ports do not: what takes
// it was not seen (rules that were not read, a load balancer outside the node), that it is taken was.
import { SEEN_REPLY, SRC_NAT, INBOUND } from '../../model/flow-status.ts';
import type { FlowTable } from '../../model/flow-table.ts';
import { protocolName } from '../../model/protocol.ts';
import type { NodeContext } from '../check-context.ts';
import { aboutNode } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';
import { type Answers, FEWEST_FLOWS, LOST_SHARE, type PortAnswers } from '../survey-flows.ts';
import { binomialTail } from './binomial-tail.ts';
import { remedyForPort, unansweredShare } from './conflict-intercepted.ts';

/** Chance of a false alarm on one node, shared among the ports tested: less than for claimed ports, since nothing else points at these. */
const FALSE_ALARM = 1e-6;

/** Each costs a pass over all flows; that many at once have another cause. */
const MOST_PORTS = 8;

export function silentPorts(context: NodeContext): readonly Finding[] {
  const { survey, facts } = context;
  const { ports, tested } = survey.silent;
  if (ports.length > MOST_PORTS) return [];
  const limit = FALSE_ALARM / Math.max(1, tested);
  return ports.flatMap((port) => {
    const { on, elsewhere, sockets } = compareWithOtherPorts(facts.flows, port);
    if (sockets.flows < FEWEST_FLOWS || on.unanswered < LOST_SHARE * on.flows) return [];
    const base = unansweredShare(elsewhere);
    const chance = binomialTail({ tries: sockets.flows, hits: sockets.unanswered, chance: base });
    return chance < limit ? [report(context, { port, on, base, chance })] : [];
  });
}

interface Comparison {
  /** Flows on the port of sources that the same remote port answers elsewhere. */
  readonly on: Answers;
  /** Flows of the same sources to the same port spaces on other ports. */
  readonly elsewhere: Answers;
  /** `on`, by sockets: without a random flag the kernel gives one socket one port towards all remotes, and its flows are one sign. */
  readonly sockets: Answers;
}

interface PairAnswers {
  onFlows: number;
  onUnanswered: number;
  flows: number;
  unanswered: number;
  /** Of flows on the port: a socket's number, and whether nobody answered it there. */
  readonly sockets: Map<number, boolean>;
}

/** A pod that is refused, or a server that is down, fails on every port alike: only pairs that work elsewhere are compared. */
function compareWithOtherPorts(flows: FlowTable, { port: wanted, protocol }: PortAnswers): Comparison {
  const { port, source, sourcePort, portSpace, status } = flows.flows;
  const isSnat = (row: number): boolean => ((status[row] ?? 0) & (SRC_NAT | INBOUND)) === SRC_NAT;
  const pairOf = (row: number): number => (source[row] ?? 0) * flows.portSpaceCount + (portSpace[row] ?? 0);
  const pairs = new Map<number, PairAnswers>();
  for (let row = 0; row < flows.flowCount; row += 1)
    if (port[row] === wanted && isSnat(row) && flows.portSpaces.protocol[portSpace[row] ?? 0] === protocol)
      pairs.set(pairOf(row), { onFlows: 0, onUnanswered: 0, flows: 0, unanswered: 0, sockets: new Map() });
  for (let row = 0; row < flows.flowCount; row += 1) {
    const pair = isSnat(row) ? pairs.get(pairOf(row)) : undefined;
    if (pair === undefined) continue;
    const isUnanswered = ((status[row] ?? 0) & SEEN_REPLY) === 0;
    if (port[row] === wanted) {
      const socket = (source[row] ?? 0) * 65_536 + (sourcePort[row] ?? 0);
      pair.sockets.set(socket, isUnanswered && (pair.sockets.get(socket) ?? true));
      pair.onFlows += 1;
      pair.onUnanswered += isUnanswered ? 1 : 0;
    } else {
      pair.flows += 1;
      pair.unanswered += isUnanswered ? 1 : 0;
    }
  }
  return comparisonOf([...pairs.values()].filter((pair) => pair.unanswered < pair.flows));
}

function comparisonOf(working: readonly PairAnswers[]): Comparison {
  const sum = (count: (pair: PairAnswers) => number): number => working.reduce((total, pair) => total + count(pair), 0);
  const sockets = new Map<number, boolean>();
  for (const pair of working)
    for (const [socket, isUnanswered] of pair.sockets)
      sockets.set(socket, isUnanswered && (sockets.get(socket) ?? true));
  return {
    on: { flows: sum(({ onFlows }) => onFlows), unanswered: sum(({ onUnanswered }) => onUnanswered) },
    elsewhere: { flows: sum((pair) => pair.flows), unanswered: sum(({ unanswered }) => unanswered) },
    sockets: { flows: sockets.size, unanswered: [...sockets.values()].filter(Boolean).length },
  };
}

interface SilentPort {
  readonly port: PortAnswers;
  readonly on: Answers;
  readonly base: number;
  readonly chance: number;
}

function report({ facts, ranges }: NodeContext, { port, on, base, chance }: SilentPort): Finding {
  return aboutNode(facts.gaps, {
    check: 'conflict',
    severity: 'warning',
    sentence: `Egress flows that get source port ${protocolName(port.protocol)} ${port.port} stay unanswered while the same pods reach the same servers from other ports: something takes or rewrites that port's packets.`,
    numbers: {
      flows: { value: on.flows, unit: 'flows', source: 'conntrack dump' },
      unanswered: { value: on.unanswered, unit: 'flows', source: 'IPS_SEEN_REPLY not set' },
      elsewhereUnanswered: { value: base, unit: 'share', source: 'the same pods and servers on other ports' },
      chance: { value: chance, unit: 'probability', source: 'binomial test' },
    },
    because: [
      'Only pods and servers that answer each other on other ports count, and only ports that the kernel chose.',
      'Who claims the port was not seen: a NodePort of rules that were not read, a load balancer with direct server return, a raw rule that does not track it, or a firewall.',
    ],
    base: 'medium',
    confidenceReason: 'that flows stay unanswered is a statistical sign; what takes the packets was not seen',
    weights: { 'flows-incomplete': 'low', decoder: 'medium' },
    remedy: remedyForPort(port.port, ranges),
  });
}
