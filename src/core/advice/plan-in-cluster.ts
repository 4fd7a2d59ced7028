// A plan with the cluster it was made for, and what must hold there before a range can be written.
import type { RangeLayerId } from '../analysis/range-chain.ts';
import type { Plan, Remedy } from './plan.ts';
import type { PlanCluster } from './plan-cluster.ts';

/** Layers that a write to FelixConfiguration `default` reaches: itself, and what lies below it. */
const REACHED: ReadonlySet<RangeLayerId> = new Set(['default', 'built-in']);

/** The plan with its cluster, and with what must hold for a write to `default` where something above it rules. */
export function planInCluster(plan: Plan, cluster: PlanCluster): Plan {
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
