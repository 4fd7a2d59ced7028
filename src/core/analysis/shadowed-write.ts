// What would keep a written natPortRange from ruling: layers above it that speak, layers above it that nobody read, an
// object that keeps Felix from reading any.
import { DEFAULT_CONFIGURATION } from '../model/calico/felix-configuration.ts';
import { RANGE_ANNOTATION } from './parse-felix-annotations.ts';
import type { EffectiveNatPortRange, RangeLayer, RangeLayerId } from './range-chain.ts';
import type { RangeWriteFacts, WriteRemark, WriteRemarkId } from './range-write.ts';

/** The remarks about the chain above the object that would be written. */
export function shadowRemarks(facts: RangeWriteFacts): readonly WriteRemark[] {
  const shadows = facts.nodes.flatMap((node) =>
    layersAbove(node, facts.object)
      .filter((layer) => speaks(layer) || isRival(layer, facts.object))
      .map((layer): Shadow => ({ node: node.node, layer })),
  );
  const byId = grouped(shadows, ({ layer: { id } }) => REMARKS[id]);
  return [
    ...poisonRemarks(facts),
    ...[...byId].flatMap(([id, found]) => (id === undefined ? [] : [shadowRemark(id, { found, facts })])),
    ...unreadRemarks(facts),
  ];
}

interface Shadow {
  readonly node: string;
  readonly layer: RangeLayer;
}

function grouped<Key>(shadows: readonly Shadow[], keyOf: (shadow: Shadow) => Key): Map<Key, Shadow[]> {
  const groups = new Map<Key, Shadow[]>();
  for (const shadow of shadows) {
    const group = groups.get(keyOf(shadow));
    if (group === undefined) groups.set(keyOf(shadow), [shadow]);
    else group.push(shadow);
  }
  return groups;
}

const REMARKS: Readonly<Partial<Record<RangeLayerId, WriteRemarkId>>> = {
  environment: 'shadowed-by-environment',
  'config-file': 'shadowed-by-config-file',
  'node-annotation': 'shadowed-by-annotation',
  'selector-annotation': 'shadowed-by-annotation',
  'default-annotation': 'shadowed-by-annotation',
  node: 'shadowed-by-node-object',
  selector: 'shadowed-by-selector-object',
};

/** Which layer of the chain an object is. */
function layerOfObject(object: string): RangeLayerId {
  if (object === DEFAULT_CONFIGURATION) return 'default';
  return object.startsWith('node.') ? 'node' : 'selector';
}

/** With the object's own layer where another object with a node selector holds it. */
function layersAbove({ layers }: EffectiveNatPortRange, object: string): readonly RangeLayer[] {
  const own = layers.findIndex(({ id }) => id === layerOfObject(object));
  if (own < 0) return layers;
  const holder = layers[own];
  return layers.slice(0, holder !== undefined && isRival(holder, object) ? own + 1 : own);
}

/** The oldest matching object counts alone, also where it says nothing. */
function isRival({ id, object: holder }: RangeLayer, object: string): boolean {
  return id === 'selector' && layerOfObject(object) === 'selector' && holder !== undefined && holder !== object;
}

/** An empty annotation also takes the place of the spec below it: it hides what would be written. */
function speaks({ id, said }: RangeLayer): boolean {
  if (said === undefined) return false;
  return said.felix.kind !== 'falls-through' || id.endsWith('-annotation');
}

function shadowRemark(
  id: WriteRemarkId,
  { found, facts }: { readonly found: readonly Shadow[]; readonly facts: RangeWriteFacts },
): WriteRemark {
  const nodes = [...new Set(found.map(({ node }) => node))];
  const isAll = nodes.length === facts.nodes.length;
  const isObject = id === 'shadowed-by-node-object' || id === 'shadowed-by-selector-object';
  const places = [...new Set(found.map(({ layer }) => `${layer.place} says ${layer.said?.written ?? 'nothing'}`))];
  return {
    id,
    severity: isAll || !isObject ? 'refusal' : 'warning',
    sentence: `${listed(places)}, which rules over FelixConfiguration ${facts.object} on ${isAll ? 'every node' : listed(nodes)}: the write does nothing there`,
    nodes: isAll ? [] : nodes,
    remedy: REMEDIES[id] ?? 'change or remove it first',
  };
}

const REMEDIES: Readonly<Partial<Record<WriteRemarkId, string>>> = {
  'shadowed-by-environment':
    'change the variable where calico-node gets it: its DaemonSet, the operator, or the provider of the cluster',
  'shadowed-by-config-file': 'change the file on the nodes',
  'shadowed-by-annotation': `remove the annotation: kubectl annotate felixconfigurations NAME ${RANGE_ANNOTATION}-`,
  'shadowed-by-node-object': 'write the objects of these nodes, or remove natPortRange from them',
  'shadowed-by-selector-object': 'write the object with the node selector, or remove natPortRange from it',
};

const LISTED = 3;

function listed(names: readonly string[]): string {
  const rest = names.length - LISTED;
  return rest > 0 ? `${names.slice(0, LISTED).join(', ')} and ${rest} more` : names.join(', ');
}

/** Writing the poisoned object itself is its repair. */
function poisonRemarks({ object, nodes }: RangeWriteFacts): WriteRemark[] {
  const traps = nodes.flatMap((node) => node.traps).filter(({ id }) => id === 'undecodable');
  const byPlace = new Map(traps.map((trap) => [trap.place, trap]));
  return [...byPlace.values()].map((trap) => ({
    id: 'stored-undecodable',
    severity: trap.place === `FelixConfiguration ${object}` ? 'warning' : 'refusal',
    sentence: `${trap.place}: ${trap.what}`,
    nodes: [],
    ...(trap.repair === undefined ? {} : { remedy: trap.repair }),
  }));
}

function unreadRemarks({ object, nodes }: RangeWriteFacts): WriteRemark[] {
  const unread = nodes.flatMap((node) =>
    node.range.kind === 'frozen'
      ? []
      : layersAbove(node, object)
          .filter(isUnread)
          .map((layer): Shadow => ({ node: node.node, layer })),
  );
  return [...grouped(unread, ({ layer: { place, why } }) => `${place} (${why})`)].map(([what, found]) => {
    const affected = [...new Set(found.map(({ node }) => node))];
    const isAll = affected.length === nodes.length;
    return {
      id: 'layer-not-read',
      severity: 'warning',
      sentence: `${what} was not read${isAll ? '' : ` on ${listed(affected)}`}: if it sets a range, the write does nothing there`,
      nodes: isAll ? [] : affected,
    };
  });
}

function isUnread({ role, said }: RangeLayer): boolean {
  return role === 'not-read' && said === undefined;
}
