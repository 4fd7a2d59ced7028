// Flows on a claimed port stay unanswered while flows on other ports are answered: something takes or rewrites that port's packets.
import { claimNoun } from '../../model/claim-noun.ts';
import { ownerName } from '../../model/owner-name.ts';
import { protocolName } from '../../model/protocol.ts';
import type { NodeContext } from '../check-context.ts';
import type { ProtocolRange } from '../claims-in-range.ts';
import { aboutNode } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';
import { patchRange } from '../remedy.ts';
import { type Answers, FEWEST_FLOWS, type FlowSurvey, LOST_SHARE, type PortAnswers } from '../survey-flows.ts';
import { binomialTail } from './binomial-tail.ts';

/** Chance of a false alarm on one node, shared among the ports tested. */
const FALSE_ALARM = 1e-3;

/** The default NodePorts are 30000-32767. */
const ABOVE_NODE_PORTS = 32_768;

/** A claimed port that failed the test. */
export interface InterceptedPort {
  readonly port: PortAnswers;
  /** Share of unanswered flows elsewhere. */
  readonly base: number;
  /** Chance of as many unanswered flows by accident. */
  readonly chance: number;
}

/** One finding per intercepted port. */
export function interceptedPorts(context: NodeContext): readonly Finding[] {
  return testClaimedPorts(context.survey).map((result) => report(context, result));
}

/** Tests each claimed port against the flows on ports nobody claims; only remotes that answer somebody count. */
export function testClaimedPorts(survey: FlowSurvey): readonly InterceptedPort[] {
  const tested = survey.claimed.filter(({ flows }) => flows >= FEWEST_FLOWS);
  return tested
    .filter((port) => port.unanswered >= LOST_SHARE * port.flows)
    .map((port) => {
      const base = unansweredShare(survey.unclaimed.get(port.protocol));
      return { port, base, chance: binomialTail({ tries: port.flows, hits: port.unanswered, chance: base }) };
    })
    .filter(({ chance }) => chance < FALSE_ALARM / tested.length);
}

/** Share of unanswered flows, with Laplace's correction so that none seen is not never. */
export function unansweredShare(answers: Answers | undefined): number {
  const { flows, unanswered } = answers ?? { flows: 0, unanswered: 0 };
  return (unanswered + 1) / (flows + 2);
}

function report({ facts, claims, ranges }: NodeContext, result: InterceptedPort): Finding {
  const { port, base, chance } = result;
  const claim = claims.find(
    ({ claim: { protocol, ports } }) =>
      protocol === port.protocol && port.port >= ports.first && port.port <= ports.last,
  )?.claim;
  const owner = claim === undefined ? 'claimed' : `${claimNoun(claim.kind)} of ${ownerName(claim.owner)}`;
  return aboutNode(facts.gaps, {
    check: 'conflict',
    severity: 'warning',
    sentence: `Egress flows that get source port ${protocolName(port.protocol)} ${port.port} (${owner}) stay unanswered while others are answered: something takes or rewrites that port's packets.`,
    numbers: {
      flows: { value: port.flows, unit: 'flows', source: 'conntrack dump' },
      unanswered: { value: port.unanswered, unit: 'flows', source: 'IPS_SEEN_REPLY not set' },
      elsewhereUnanswered: { value: base, unit: 'share', source: 'flows on ports nobody claims, same protocol' },
      chance: { value: chance, unit: 'probability', source: 'binomial test' },
    },
    because: [
      'Only flows to remotes that answer somebody count, so a dead remote does not look like a conflict.',
      'In a conntrack data plane an equal port is harmless, so the cause is elsewhere: a load balancer with direct server return, an eBPF or stateless NodePort, or a firewall.',
    ],
    base: 'medium',
    confidenceReason: 'that flows stay unanswered is a statistical sign; what takes the packets was not seen',
    weights: { 'flows-incomplete': 'low', listeners: 'medium', decoder: 'medium' },
    remedy: remedyForPort(port.port, ranges),
  });
}

export function remedyForPort(port: number, ranges: readonly ProtocolRange[]): string {
  if (port >= ABOVE_NODE_PORTS)
    return 'move that service to a port outside the range, or have the load balancer stop rewriting it';
  const isCalico = ranges.some(({ effective }) => effective.owner === 'calico');
  return isCalico ? patchRange(ABOVE_NODE_PORTS) : `start the range at ${ABOVE_NODE_PORTS}, above the NodePorts`;
}
