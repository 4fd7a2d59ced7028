// Whether new flows really use a range: the kernel's own entries and events, not the rule's text.
import { rangeContains, type PortRange } from '../../core/model/port-range.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { NewFlows } from '../../core/model/churn.ts';

export interface NewFlowCheck {
  /** NEW events of the port space in the window. */
  readonly newFlows: number;
  readonly lowestPort: number;
  readonly highestPort: number;
  /** Every new flow got a port of the wanted range. */
  readonly allInside: boolean;
  /** Entries whose port only the wanted range allows. */
  readonly onlyInWanted: number;
}

export interface NewFlowQuestion {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly wanted: PortRange;
  readonly before: PortRange;
}

export function checkNewFlows(facts: NodeFacts, question: NewFlowQuestion): NewFlowCheck {
  const seen = facts.arrivals?.portSpaces.find((space) => isAsked(space, question));
  const lowestPort = seen?.lowestPort ?? 0;
  const highestPort = seen?.highestPort ?? 0;
  const allInside = rangeContains(question.wanted, lowestPort) && rangeContains(question.wanted, highestPort);
  return {
    newFlows: seen?.count ?? 0,
    lowestPort,
    highestPort,
    allInside,
    onlyInWanted: countOutside(facts, question),
  };
}

function isAsked(space: NewFlows, question: NewFlowQuestion): boolean {
  return space.remoteAddress === question.remoteAddress && space.remotePort === question.remotePort;
}

function countOutside({ flows }: NodeFacts, question: NewFlowQuestion): number {
  let count = 0;
  for (let row = 0; row < flows.flowCount; row += 1) {
    const port = flows.flows.port[row] ?? 0;
    if (rangeContains(question.wanted, port) && !rangeContains(question.before, port)) count += 1;
  }
  return count;
}
