// How often a new flow is dropped at a given fill: ports are filled and turned over by the node itself, then searched many times
// over while its entries stay as they are.
import type { PortRange } from '../../../src/core/model/port-range.ts';
import type { Random } from '../../../src/core/alloc/reference-search.ts';
import type { SearchBehaviour } from '../../../src/core/alloc/port-search.ts';
import { dropProbability } from '../../../src/core/alloc/drop-probability.ts';
import { PortSet } from '../../../src/core/model/port-set.ts';
import { flowTo, openUntilFound, UDP_SPACE } from '../many-flows.ts';
import type { Flow, NatNode, Space } from '../nat-node.ts';
import { searchLaw } from './search-law.ts';

/** `fill`: flows only arrive. `steady`: for each that arrives a random one has left. */
export type FillMode = 'fill' | 'steady';

export interface CurvePlan {
  readonly range: PortRange;
  readonly protocol: number;
  readonly mode: FillMode;
  /** Ascending. */
  readonly shares: readonly number[];
  /** How often the held flows are replaced at each share; 0 when filling. */
  readonly turnovers: number;
  /** Searches at each share. */
  readonly attempts: number;
}

/** What was seen at one share, and what the occupied ports made likely. Plain data. */
export interface CurvePoint {
  readonly share: number;
  readonly attempts: number;
  readonly failures: number;
  /** `found` over all attempts. */
  readonly found: number;
  /** Chance that one search fails among these very ports, by core/alloc. */
  readonly drop: number;
  /** Law of `found` of one search among these very ports. */
  readonly foundLaw: readonly number[];
  /** Its mean: how much the held ports lie in each other's way. */
  readonly foundMean: number;
}

/** Walks a node up the shares. `random` chooses who leaves; `counting` is how the node counts `found`. */
export function measureCurve(
  node: NatNode,
  plan: CurvePlan,
  { random, counting }: { readonly random: Random; readonly counting: SearchBehaviour },
): readonly CurvePoint[] {
  const space: Space = { ...UDP_SPACE, protocol: plan.protocol };
  const size = plan.range.last - plan.range.first + 1;
  const flows: Flow[] = [];
  return plan.shares.map((share) => {
    const held = Math.floor(size * share);
    while (flows.length < held) flows.push(openUntilFound(node, flowTo(space, flows.length)));
    if (share < 1) turnOver(node, flows, { steps: Math.round(held * plan.turnovers), random });
    return measurePoint(node, { plan, share, space, counting });
  });
}

function turnOver(
  node: NatNode,
  flows: readonly Flow[],
  { steps, random }: { readonly steps: number; readonly random: Random },
): void {
  for (let step = 0; step < steps; step += 1) {
    const flow = flows[Math.floor(random() * flows.length)];
    if (flow === undefined) return;
    node.close(flow);
    openUntilFound(node, flow);
  }
}

interface PointPlan {
  readonly plan: CurvePlan;
  readonly share: number;
  readonly space: Space;
  readonly counting: SearchBehaviour;
}

function measurePoint(node: NatNode, { plan, share, space, counting }: PointPlan): CurvePoint {
  const { range, protocol, attempts } = plan;
  const probe: Flow = { ...space, source: '10.244.200.1', sourcePort: 10_000 };
  const before = node.found;
  let failures = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (node.open(probe)) node.close(probe);
    else failures += 1;
  }
  const found = node.found - before;
  const occupied = node.held(space);
  const law = searchLaw(occupied, { range, protocol, counting });
  const drop = dropProbability({ occupied, evictable: new PortSet(), range, protocol, behaviour: node.behaviour });
  return { share, attempts, failures, found, drop, foundLaw: [...law.found], foundMean: law.mean };
}
