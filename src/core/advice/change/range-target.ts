// Which nodes a write of natPortRange is to change: by the object that is written, those that nothing above it rules already.
import type { ClusterRange } from '../../analysis/cluster-range.ts';
import { hasRange } from '../../analysis/cluster-range.ts';
import type { EffectiveNatPortRange, RangeLayer } from '../../analysis/range-chain.ts';
import type { PortRange } from '../../model/port-range.ts';

export interface RangeTarget {
  /** The FelixConfiguration that shall hold the range: `default`, one with a node selector; undefined: each node's own. */
  readonly object: string | undefined;
  /** Names of the only nodes meant, where `object` is undefined. */
  readonly nodes: readonly string[];
}

export interface TargetNodes {
  /** Those that will take the range from the write, the canary first. */
  readonly changing: readonly string[];
  /** Those that have the range already. */
  readonly unchanged: readonly string[];
  /** Those that something above the object rules, and what. */
  readonly keeping: readonly { readonly node: string; readonly place: string }[];
}

export interface TargetQuestion {
  readonly target: RangeTarget;
  readonly range: PortRange;
  /** Name of the node to be tried first; any when undefined. */
  readonly canary: string | undefined;
}

export function targetNodes({ nodes }: Pick<ClusterRange, 'nodes'>, question: TargetQuestion): TargetNodes {
  const { target, range, canary } = question;
  const meant = nodes.filter((chain) => isMeant(chain, target));
  const held = meant.map((chain) => ({
    chain,
    holder: target.object === undefined ? undefined : holderAbove(chain, target.object),
  }));
  const free = held.filter(({ holder }) => holder === undefined).map(({ chain }) => chain);
  const changing = free.filter((chain) => !hasRange(chain, range)).map(({ node }) => node);
  return {
    changing: firstFirst(changing, canary),
    unchanged: free.filter((chain) => hasRange(chain, range)).map(({ node }) => node),
    keeping: held.flatMap(({ chain: { node }, holder }) =>
      holder === undefined ? [] : [{ node, place: holder.place }],
    ),
  };
}

function isMeant({ node, layers }: EffectiveNatPortRange, { object, nodes }: RangeTarget): boolean {
  if (object === undefined) return nodes.includes(node);
  if (object === 'default') return true;
  return layers.some((layer) => layer.id === 'selector' && layer.object === object);
}

/** The highest layer above the object that speaks on this node. */
function holderAbove({ layers }: EffectiveNatPortRange, object: string): RangeLayer | undefined {
  const own = layers.findIndex(
    ({ id }) => id === (object === 'default' ? 'default-annotation' : 'selector-annotation'),
  );
  return layers.slice(0, own).find(({ said }) => said !== undefined && said.felix.kind !== 'falls-through');
}

function firstFirst(nodes: readonly string[], first: string | undefined): readonly string[] {
  return first === undefined || !nodes.includes(first) ? nodes : [first, ...nodes.filter((node) => node !== first)];
}
