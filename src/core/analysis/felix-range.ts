// Which natPortRange rules on a node and which layer sets it (felix/config/config_params.go, SourcesInDescendingOrder).
import type { Gap } from '../model/gap.ts';
import { type GapWeights, weigh } from './confidence.ts';
import { configurationIndex } from './configuration-index.ts';
import type { DecodedPortRange } from './port-range-value.ts';
import type { EffectiveNatPortRange, NodeRange, RangeLayer } from './range-chain.ts';
import { type FelixRangeFacts, type Saying, sayingsOn } from './range-sayings.ts';
import { rangeTraps } from './range-traps.ts';

export type { FelixRangeFacts } from './range-sayings.ts';

const BUILT_IN: Saying = { id: 'built-in', place: "Felix's built-in default", gaps: [] };

/** What is left of the answer where a layer above the ruling one was not read: most clusters set nothing in the weaker ones. */
const WEIGHTS: GapWeights = {
  'felix-environment': 'low',
  'felix-environment-source': 'medium',
  'felix-config-file': 'medium',
  'felix-configurations': 'low',
  'node-labels': 'low',
  'node-selector': 'low',
  'calico-version': 'low',
};

/** The chain of one node, and what rules there. */
export function effectiveNatPortRange(node: string, facts: FelixRangeFacts): EffectiveNatPortRange {
  const { sayings, choice } = sayingsOn(node, facts);
  const all = [...sayings, BUILT_IN];
  const poison = unreadableNames(facts);
  const end = poison.length > 0 ? all.findIndex(({ id }) => id === 'node-annotation') : all.length;
  const first = all.findIndex(rules);
  const isFrozen = first >= end;
  const decisive = all[isFrozen ? end - 1 : first];
  const upTo = isFrozen ? end : first + 1;
  const gaps = all.slice(0, upTo).flatMap((saying) => saying.gaps);
  const isOpen = !isFrozen && decisive?.open !== undefined;
  const layers = all.map((saying, index) =>
    isFrozen && index >= end ? unreadLayer(saying, poison) : layerOf(saying, index - first),
  );
  const range = isFrozen ? FROZEN : isOpen || decisive === undefined ? UNKNOWN : rangeOf(decisive.said);
  const isKnown = range.kind !== 'unknown' && range.kind !== 'frozen';
  return {
    node,
    range,
    layers,
    ...(isKnown && decisive !== undefined ? { ruling: decisive.id } : {}),
    confidence: isKnown ? weigh(gaps, { base: 'high', weights: WEIGHTS }).confidence : 'low',
    traps: rangeTraps({ facts, choice, layers, sayings }),
    gaps: distinct(gaps),
  };
}

const FROZEN: NodeRange = { kind: 'frozen' };
const UNKNOWN: NodeRange = { kind: 'unknown' };

/** The first layer that says anything rules, whatever it says: an unusable value does not fall through. */
function rules({ id, said, mute, open }: Saying): boolean {
  if (id === 'built-in' || open !== undefined) return true;
  return mute === undefined && said !== undefined && said.felix.kind !== 'falls-through';
}

function unreadableNames({ configurations }: FelixRangeFacts): readonly string[] {
  return configurations.seen ? configurationIndex(configurations.value).unreadable.map(({ name }) => name) : [];
}

function rangeOf(said: DecodedPortRange | undefined): NodeRange {
  if (said?.felix.kind === 'range') return said.felix;
  if (said?.felix.kind !== 'one-port') return { kind: 'none' };
  return { kind: 'range', range: { first: said.felix.port, last: said.felix.port } };
}

/** `distance` below the layer that rules, or would if it were known what it says. */
function layerOf(saying: Saying, distance: number): RangeLayer {
  const { id, place, object, said, mute, open, gaps } = saying;
  const common = { id, place, ...(object === undefined ? {} : { object }), ...(said === undefined ? {} : { said }) };
  if (open !== undefined) return { ...common, role: 'not-read', why: open };
  if (distance === 0) return { ...common, role: 'rules', why: whyItRules(saying) };
  if (mute !== undefined) return { ...common, role: 'shadowed', why: mute };
  if (said !== undefined && said.felix.kind !== 'falls-through') return { ...common, role: 'shadowed', why: HIGHER };
  if (gaps[0] !== undefined && said === undefined) return { ...common, role: 'not-read', why: gaps[0].why };
  if (id === 'built-in') return { ...common, role: 'silent', why: HIGHER };
  return { ...common, role: 'silent', why: said === undefined ? 'not set' : 'empty: says nothing' };
}

const HIGHER = 'a higher one is set';

const HIGHEST = 'the highest that is set';

function whyItRules({ id, said }: Saying): string {
  if (id === 'built-in') return 'no layer sets a range';
  if (said?.felix.kind === 'no-range' && !said.felix.asked)
    return `${HIGHEST}; Felix cannot use it and takes its built-in default, not the next layer`;
  return HIGHEST;
}

function unreadLayer({ id, place, object, said }: Saying, poison: readonly string[]): RangeLayer {
  const common = { id, place, ...(object === undefined ? {} : { object }) };
  if (id === 'built-in')
    return { ...common, role: 'silent', why: 'a Felix that cannot read its objects does not come up' };
  if (said === undefined) return { ...common, role: 'silent', why: 'not set' };
  const why = `Felix can read no FelixConfiguration while ${poison.join(', ')} is stored as it is`;
  return { ...common, said, role: 'not-read', why };
}

function distinct(gaps: readonly Gap[]): readonly Gap[] {
  return [...new Map(gaps.map((gap) => [JSON.stringify(gap), gap])).values()];
}
