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
    if (sockets < FEWEST_FLOWS || on.unanswered < LOST_SHARE * on.flows) return [];
    const base = unansweredShare(elsewhere);
    const chance = binomialTail({ tries: on.flows, hits: on.unanswered, chance: base });
    return chance < limit ? [report(context, { port, on, base, chance })] : [];
  });
}

interface Comparison {
  /** Flows on the port of sources that the same remote port answers elsewhere. */
  readonly on: Answers;
  /** Flows of the same sources to the same port spaces on other ports. */
  readonly elsewhere: Answers;
  /** From so many sockets: without a random flag the kernel gives one socket one port towards all remotes, and its flows are one sign. */
  readonly sockets: number;
}

/** A pod that is refused, or a server that is down, fails on every port alike: only pairs that work elsewhere are compared. */
function compareWithOtherPorts(flows: FlowTable, { port: wanted, protocol }: PortAnswers): Comparison {
  const { port, source, sourcePort, portSpace, status } = flows.flows;
  const sockets = new Set<number>();
  const isSnat = (row: number): boolean => ((status[row] ?? 0) & (SRC_NAT | INBOUND)) === SRC_NAT;
  const pairOf = (row: number): number => (source[row] ?? 0) * flows.portSpaceCount + (portSpace[row] ?? 0);
  const pairs = new Map<number, { onFlows: number; onUnanswered: number; flows: number; unanswered: number }>();
  for (let row = 0; row < flows.flowCount; row += 1)
    if (port[row] === wanted && isSnat(row) && flows.portSpaces.protocol[portSpace[row] ?? 0] === protocol)
      pairs.set(pairOf(row), { onFlows: 0, onUnanswered: 0, flows: 0, unanswered: 0 });
  for (let row = 0; row < flows.flowCount; row += 1) {
    const pair = isSnat(row) ? pairs.get(pairOf(row)) : undefined;
    if (pair === undefined) continue;
    const unanswered = ((status[row] ?? 0) & SEEN_REPLY) === 0 ? 1 : 0;
    if (port[row] === wanted) {
      pair.onFlows += 1;
      sockets.add((source[row] ?? 0) * 65_536 + (sourcePort[row] ?? 0));
      pair.onUnanswered += unanswered;
    } else {
      pair.flows += 1;
      pair.unanswered += unanswered;
    }
  }
  const working = [...pairs.values()].filter((pair) => pair.unanswered < pair.flows);
  const sum = (count: (pair: (typeof working)[number]) => number): number =>
    working.reduce((total, pair) => total + count(pair), 0);
  return {
    on: { flows: sum(({ onFlows }) => onFlows), unanswered: sum(({ onUnanswered }) => onUnanswered) },
    elsewhere: { flows: sum((pair) => pair.flows), unanswered: sum(({ unanswered }) => unanswered) },
    sockets: sockets.size,
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
