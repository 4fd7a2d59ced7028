// What `portolan range` answers: every node's chain, and what else decides which ports pods' egress gets.
import type { CalicoApiGroup } from '../model/calico/felix-configuration.ts';
import type { IpPool } from '../model/calico/ip-pool.ts';
import type { Seen } from '../model/calico/seen.ts';
import type { Gap } from '../model/gap.ts';
import type { NodePortRange } from '../model/node-port-range.ts';
import type { PortRange } from '../model/port-range.ts';
import { rangesEqual } from '../model/port-range.ts';
import type { EffectiveNatPortRange, NodeRange } from './range-chain.ts';
import type { EgressMasquerader } from './range-write.ts';

/** Who translates pods' egress, and what says so. */
export interface MasqueraderSeen {
  readonly by: EgressMasquerader;
  /** `natOutgoing of pool default-ipv4-ippool`, `DaemonSet kube-system/cilium`. */
  readonly evidence: string;
}

export interface ClusterRange {
  /** Name of the kubeconfig context, or of the cluster. */
  readonly cluster: string;
  readonly nodes: readonly EffectiveNatPortRange[];
  readonly masquerader: MasqueraderSeen;
  readonly pools: Seen<readonly IpPool[]>;
  readonly nodePorts: NodePortRange;
  readonly calicoVersion: Seen<string>;
  /** Which of the two API groups Calico itself uses here. */
  readonly apiGroup: Seen<CalicoApiGroup>;
  /** Gaps of the cluster as a whole; those of one node stand in its chain. */
  readonly gaps: readonly Gap[];
}

/** Nodes with one answer for one reason. */
export interface RangeGroup {
  readonly range: NodeRange;
  readonly nodes: readonly EffectiveNatPortRange[];
}

/** Nodes by range, ruling place and confidence, the largest group first. */
export function groupByRange(nodes: readonly EffectiveNatPortRange[]): readonly RangeGroup[] {
  const groups = new Map<string, EffectiveNatPortRange[]>();
  for (const node of nodes) {
    const group = groups.get(groupKey(node));
    if (group === undefined) groups.set(groupKey(node), [node]);
    else group.push(node);
  }
  return [...groups.values()]
    .flatMap((members) => (members[0] === undefined ? [] : [{ range: members[0].range, nodes: members }]))
    .toSorted((left, right) => right.nodes.length - left.nodes.length);
}

/** A node object differs from node to node only by name: nodes that have one each are still one group. */
function groupKey({ range, ruling, confidence, layers }: EffectiveNatPortRange): string {
  const layer = layers.find(({ role }) => role === 'rules');
  const place = ruling === 'node' || ruling === 'node-annotation' ? '' : (layer?.place ?? '');
  return JSON.stringify([range, ruling ?? '', place, confidence]);
}

/** Whether a node's range is this one. */
export function hasRange({ range }: EffectiveNatPortRange, wanted: PortRange): boolean {
  return range.kind === 'range' && rangesEqual(range.range, wanted);
}
