// Compares the nodes of two looks at a cluster one after another: of the earlier look only what is compared is kept, of the later one
// nothing. Pure.
import { FlowTable, emptyFlowTable } from '../../model/flow-table.ts';
import { formatCount } from '../../model/number-text.ts';
import { bySeverity, gravity } from '../severity.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { ClusterComparison, ClusterLook, NodeComparison, SoleKind, SoleNode } from './cluster-comparison.ts';
import { compareDiagnoses } from './compare-diagnoses.ts';
import type { Trend } from './comparison.ts';
import { TRENDS } from './comparison.ts';
import { leadingChange } from './conclude.ts';
import type { Moment } from './moment.ts';
import { isTrouble, worstTrend } from './trend.ts';

/** A node has its own screen for more: `--node`. */
const MOST_SPACES = 5;

type LookName = Omit<ClusterLook, 'nodes'> & {
  /** All that the look names, whether or not they were read. */
  readonly named: readonly string[];
};

export class ClusterComparer {
  readonly #before = new Map<string, Moment>();
  readonly #paired = new Set<string>();
  readonly #nodes: NodeComparison[] = [];
  readonly #appeared: Diagnosis[] = [];

  /** All nodes of the earlier look come before those of the later one. */
  addBefore({ facts, diagnosis }: Moment): void {
    this.#before.set(diagnosis.node, { diagnosis, facts: { flows: portSpacesOf(facts.flows) } });
  }

  /** A node of the earlier look. */
  before(node: string): Moment | undefined {
    return this.#before.get(node);
  }

  addAfter(after: Moment): void {
    const { node, severity } = after.diagnosis;
    const before = this.#before.get(node);
    if (before === undefined) {
      this.#appeared.push(after.diagnosis);
      return;
    }
    this.#paired.add(node);
    const whole = compareDiagnoses(before, after);
    const comparison = { ...whole, portSpaces: whole.portSpaces.slice(0, MOST_SPACES) };
    this.#nodes.push({ node, severity, trend: whole.trend, ...leadingChange(whole), comparison });
  }

  finish(before: LookName, after: LookName): ClusterComparison {
    const vanished = [...this.#before.values()].flatMap(({ diagnosis }) =>
      this.#paired.has(diagnosis.node) ? [] : [diagnosis],
    );
    const soleNodes = [
      ...this.#appeared.map((diagnosis) => soleNode(diagnosis, { kind: 'appeared', other: before })),
      ...vanished.map((diagnosis) => soleNode(diagnosis, { kind: 'vanished', other: after })),
    ].toSorted(worstFirst);
    const nodes = this.#nodes.toSorted(worstFirst);
    const trend = worstTrend([...nodes, ...soleNodes].map((each) => each.trend));
    return {
      before: lookOf(before, this.#before.size),
      after: lookOf(after, nodes.length + this.#appeared.length),
      nodes,
      soleNodes,
      trend,
      conclusion: conclude({ nodes, soleNodes, trend }),
    };
  }
}

function lookOf({ name, at }: LookName, nodes: number): ClusterLook {
  return { name, at, nodes };
}

interface Sole {
  readonly kind: SoleKind;
  /** The look that does not show it. */
  readonly other: LookName;
}

function soleNode({ node, severity, findings, portSpaces }: Diagnosis, { kind, other }: Sole): SoleNode {
  const isUnread = other.named.includes(node);
  const [worst] = [...findings, ...portSpaces.flatMap((space) => space.findings)].toSorted(bySeverity);
  return {
    node,
    kind: isUnread ? 'unread' : kind,
    verdict: worst?.check ?? 'fine',
    severity,
    trend: isUnread ? 'unclear' : kind === 'appeared' && isTrouble(severity) ? 'worse' : 'changed',
  };
}

function worstFirst<Node extends NodeComparison | SoleNode>(left: Node, right: Node): number {
  return (
    TRENDS.indexOf(left.trend) - TRENDS.indexOf(right.trend) ||
    gravity(left.severity) - gravity(right.severity) ||
    left.node.localeCompare(right.node, 'en', { numeric: true })
  );
}

function conclude({ nodes, soleNodes, trend }: Pick<ClusterComparison, 'nodes' | 'soleNodes' | 'trend'>): string {
  const having = (wanted: Trend): string[] => [
    ...nodes.filter((each) => each.trend === wanted).map(({ node, change }) => `${node}: ${change ?? ''}`),
    ...soleNodes.filter((each) => each.trend === wanted).map(soleSentence),
  ];
  const [first = ''] = having(trend);
  const others = having(trend).length - 1;
  const rest = others > 0 ? `; and ${formatCount(others, 'other node')}` : '';
  const better = having('better').length;
  const alsoBetter = better === 0 ? '' : ` ${formatCount(better, 'node')} got better.`;
  switch (trend) {
    case 'worse':
      return `Worse: ${first}${rest}.${alsoBetter}`;
    case 'unclear':
      return `Cannot tell: ${first}${rest}.${alsoBetter}`;
    case 'better':
      return `Better: ${first}${rest}; no node got worse.`;
    case 'changed':
    case 'same': {
      const troubled = nodes.filter(({ severity }) => isTrouble(severity));
      const still = troubled.length === 0 ? '' : `: ${formatCount(troubled.length, 'node')} in trouble as before`;
      return `Not worse, not better${still}.`;
    }
  }
}

function soleSentence({ node, kind, verdict }: SoleNode): string {
  switch (kind) {
    case 'appeared':
      return `${node} is new and ${verdict}`;
    case 'vanished':
      return `${node} is gone, it was ${verdict}`;
    case 'unread':
      return `${node} was read in one of the two only`;
  }
}

/** How many flows each port space has, without the flows. */
function portSpacesOf({ portSpaceCount, portSpaces, addressCount, addresses }: FlowTable): FlowTable {
  const { zone, protocol, snatAddress, remoteAddress, remotePort, flows } = portSpaces;
  return new FlowTable({
    flowCount: 0,
    flows: emptyFlowTable().flows,
    portSpaceCount,
    portSpaces: {
      zone: zone.slice(0, portSpaceCount),
      protocol: protocol.slice(0, portSpaceCount),
      snatAddress: snatAddress.slice(0, portSpaceCount),
      remoteAddress: remoteAddress.slice(0, portSpaceCount),
      remotePort: remotePort.slice(0, portSpaceCount),
      flows: flows.slice(0, portSpaceCount),
    },
    addressCount,
    addresses: addresses.slice(0, addressCount * 16),
  });
}
