// The effective ranges of a cluster as programs read them: a plain object with a schema id of its own, a fixed key order and
// null where a value is not known. Changing a key's meaning or removing one makes a new schema id.
import type { ClusterRange } from '../core/analysis/cluster-range.ts';
import type { EffectiveNatPortRange, RangeLayer, RangeTrap } from '../core/analysis/range-chain.ts';
import type { Seen } from '../core/model/calico/seen.ts';
import type { Gap } from '../core/model/gap.ts';

export const RANGE_OUTPUT_SCHEMA = 'portolan.dev/output/range/v1';

/** The plain object behind -o json and -o yaml of `portolan range`. */
export function clusterRangeDocument(cluster: ClusterRange) {
  const { nodePorts, pools } = cluster;
  return {
    schema: RANGE_OUTPUT_SCHEMA,
    cluster: cluster.cluster,
    calicoVersion: valueOf(cluster.calicoVersion),
    calicoApiGroup: valueOf(cluster.apiGroup),
    masquerader: cluster.masquerader,
    natOutgoingPools: pools.seen
      ? pools.value
          .filter(({ natOutgoing }) => natOutgoing)
          .map(({ name, cidr, disabled }) => ({ name, cidr, disabled }))
      : null,
    nodePorts: { firstPort: nodePorts.range.first, lastPort: nodePorts.range.last, source: nodePorts.source },
    nodes: cluster.nodes.map(nodeDocument),
    gaps: cluster.gaps.map(gapDocument),
  };
}

function valueOf<Value>(seen: Seen<Value>): Value | null {
  return seen.seen ? seen.value : null;
}

function nodeDocument({ node, range, ruling, confidence, layers, traps, gaps }: EffectiveNatPortRange) {
  const ports = range.kind === 'range' ? range.range : undefined;
  return {
    node,
    range: range.kind,
    firstPort: ports?.first ?? null,
    lastPort: ports?.last ?? null,
    rulingLayer: ruling ?? null,
    confidence,
    layers: layers.map(layerDocument),
    traps: traps.map(trapDocument),
    gaps: gaps.map(gapDocument),
  };
}

function layerDocument({ id, place, object, said, role, why }: RangeLayer) {
  return {
    layer: id,
    place,
    object: object ?? null,
    written: said?.written ?? null,
    meaning: said?.value.kind ?? null,
    felix: said?.felix.kind ?? null,
    rulePorts: said?.rule ?? null,
    role,
    why,
  };
}

function trapDocument({ id, place, what, reach, repair }: RangeTrap) {
  return { trap: id, place, what, reach, repair: repair ?? null };
}

function gapDocument(gap: Gap) {
  return { ...gap, remedy: gap.remedy ?? null };
}
