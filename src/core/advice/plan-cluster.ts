// What a plan knows of the cluster it was made for: what the program that applies it needs, and which layer a wider range must be set in.
import type { EffectiveNatPortRange, RangeLayerId } from '../analysis/range-chain.ts';

/** The layer that sets natPortRange on some nodes. */
export interface PlanLayer {
  readonly layer: RangeLayerId;
  /** `FelixConfiguration default`. */
  readonly place: string;
  readonly nodes: number;
}

export interface PlanCluster {
  /** Name of the kubeconfig context. */
  readonly context: string;
  /** Nodes that carry the load, most first. */
  readonly nodes: readonly string[];
  /** Of all nodes whose chain is known, most nodes first. */
  readonly layers: readonly PlanLayer[];
}

export function planLayers(chains: readonly EffectiveNatPortRange[]): readonly PlanLayer[] {
  const layers = new Map<string, { readonly layer: RangeLayerId; readonly place: string; nodes: number }>();
  for (const { layers: chain } of chains) {
    const ruling = chain.find(({ role }) => role === 'rules');
    if (ruling === undefined) continue;
    const known = layers.get(ruling.place) ?? { layer: ruling.id, place: ruling.place, nodes: 0 };
    known.nodes += 1;
    layers.set(ruling.place, known);
  }
  return [...layers.values()].toSorted((left, right) => right.nodes - left.nodes);
}
