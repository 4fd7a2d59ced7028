// How often a SYN is dropped when every port is held and a share of the entries is live, the rest in TIME_WAIT: real entries, whose
// sequence numbers are as unrelated as those of different clients.
import type { Random } from '../../../src/core/alloc/reference-search.ts';
import { dropProbability } from '../../../src/core/alloc/drop-probability.ts';
import type { PortRange } from '../../../src/core/model/port-range.ts';
import { PortSet } from '../../../src/core/model/port-set.ts';
import { TCP } from '../../../src/core/model/protocol.ts';
import { TIME_WAIT } from '../../../src/core/model/tcp-state.ts';
import { flowTo, openUntilFound, UDP_SPACE } from '../many-flows.ts';
import type { Flow, NatNode } from '../nat-node.ts';

export interface EvictionPlan {
  readonly range: PortRange;
  /** Share of live entries. */
  readonly live: number;
  readonly attempts: number;
}

export interface EvictionPoint {
  readonly live: number;
  readonly attempts: number;
  readonly failures: number;
  /** Chance that one SYN fails, by core/alloc. */
  readonly drop: number;
}

const SPACE = { ...UDP_SPACE, protocol: TCP };

/** Fills the range, lets all but the live entries close, then sends SYNs; each entry taken over is closing again at once. */
export function measureEviction(node: NatNode, { range, live, attempts }: EvictionPlan, random: Random): EvictionPoint {
  const size = range.last - range.first + 1;
  const flows = Array.from({ length: size }, (_, id) => openUntilFound(node, flowTo(SPACE, id)));
  const evictable = new PortSet();
  for (const flow of shuffled(flows, random).slice(Math.round(size * live))) {
    evictable.add(node.translated(flow)?.port ?? 0);
    node.age(flow, TIME_WAIT);
  }
  let failures = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const flow = flowTo(SPACE, size + attempt);
    if (node.open(flow)) node.age(flow, TIME_WAIT);
    else failures += 1;
  }
  const occupied = node.held(SPACE);
  const drop = dropProbability({ occupied, evictable, range, protocol: TCP, behaviour: node.behaviour });
  return { live, attempts, failures, drop };
}

function shuffled(flows: readonly Flow[], random: Random): readonly Flow[] {
  const order = [...flows];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const [left, right] = [order[index], order[other]];
    if (left !== undefined && right !== undefined) [order[index], order[other]] = [right, left];
  }
  return order;
}
