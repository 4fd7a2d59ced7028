// What a plan knows of the cluster it was made for: what the program that applies it needs, and which layer a wider range must be set in.
import type { EffectiveNatPortRange, RangeLayerId } from '../analysis/range-chain.ts';
import type { Plan, Remedy } from './plan.ts';

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

/** Layers that a write to FelixConfiguration `default` reaches: itself, and what lies below it. */
const REACHED: ReadonlySet<RangeLayerId> = new Set(['default', 'built-in']);

/** The plan with its cluster, and with what must hold for a write to `default` where something above it rules. */
export function inCluster(plan: Plan, cluster: PlanCluster): Plan {
  const above = cluster.layers.filter(({ layer }) => !REACHED.has(layer));
  if (above.length === 0) return { ...plan, cluster };
  const names = above.map(({ place, nodes }) => `${place} on ${nodes} node${nodes === 1 ? '' : 's'}`).join(', ');
  const sentence = `FelixConfiguration default is shadowed by ${names}: set the range there instead, or remove it there.`;
  const remedies = plan.remedies.map(
    (remedy): Remedy =>
      remedy.change.kind === 'nat-port-range'
        ? { ...remedy, preconditions: [sentence, ...remedy.preconditions] }
        : remedy,
  );
  return { ...plan, remedies, cluster };
}
