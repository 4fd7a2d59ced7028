// The same situation with one thing changed: what every remedy and every what-if is measured on.
import type { PortRange } from '../model/port-range.ts';
import type { Load, Placement, Ports, Situation } from './situation.ts';

export function withPorts(situation: Situation, ports: Partial<Ports>): Situation {
  return { ...situation, ports: { ...situation.ports, ...ports } };
}

export function withRange(situation: Situation, range: PortRange): Situation {
  return withPorts(situation, { ranges: [range], isDefault: false });
}

export function withLoad(situation: Situation, load: Partial<Load>): Situation {
  return { ...situation, load: { ...situation.load, ...load } };
}

export function withPlacement(situation: Situation, placement: Partial<Placement>): Situation {
  return { ...situation, placement: { ...situation.placement, ...placement } };
}

/** The load laid out evenly over so many nodes: the fullest holds one pod more than the others at most. */
export function spreadOver(
  situation: Situation,
  { nodes, pods, surge }: { readonly nodes: number; readonly pods: number | undefined; readonly surge: number },
): Situation {
  const hottestShare = shareOfFullest({ nodes, pods, surge });
  return withPlacement(situation, { nodes, hottestShare, ...(pods === undefined ? {} : { pods }) });
}

/** Share of the load on the fullest of `nodes`, 0..1, each pod opening the same part. */
export function shareOfFullest({
  nodes,
  pods,
  surge,
}: {
  readonly nodes: number;
  readonly pods: number | undefined;
  readonly surge: number;
}): number {
  return pods === undefined ? 1 / nodes : Math.min(1, (Math.ceil(pods / nodes) + surge) / pods);
}
