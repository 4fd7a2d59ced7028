// Values and constellations that do something else than their writer most likely meant, each with who suffers and the repair.
import type { CalicoApiGroup, FelixConfiguration } from '../model/calico/felix-configuration.ts';
import { UNRESTRICTED_RANGE, formatRange } from '../model/port-range.ts';
import { type ConfigurationIndex, configurationIndex } from './configuration-index.ts';
import { RANGE_ANNOTATION } from './parse-felix-annotations.ts';
import { decodeNatPortRange } from './parse-nat-port-range.ts';
import type { RangeLayer, RangeTrap, TrapReach } from './range-chain.ts';
import type { FelixRangeFacts, Saying } from './range-sayings.ts';
import type { SelectorChoice } from './selector-object.ts';

export interface TrapSources {
  readonly facts: FelixRangeFacts;
  readonly choice: SelectorChoice;
  readonly layers: readonly RangeLayer[];
  readonly sayings: readonly Saying[];
}

const NO_CONFIGURATIONS: readonly FelixConfiguration[] = [];

/** All traps that concern one node, those that reach furthest first. */
export function rangeTraps({ facts, choice, layers, sayings }: TrapSources): readonly RangeTrap[] {
  const index = configurationIndex(facts.configurations.seen ? facts.configurations.value : NO_CONFIGURATIONS);
  const ruling = layers.find(({ role }) => role === 'rules');
  return [
    ...index.unreadable.flatMap(unreadableTrap),
    ...(ruling === undefined ? [] : [...valueTraps(ruling, index), ...placeTraps(ruling)]),
    ...sayings.flatMap(spellingTrap),
    ...competing(choice),
    ...choice.ignored.filter(({ object }) => setsRange(object)).map(ignoredTrap),
  ];
}

const THIS_NODE: TrapReach = 'this node';

function unreadableTrap(configuration: FelixConfiguration): RangeTrap[] {
  const { value, written } = decodeNatPortRange(configuration.natPortRange);
  if (value.kind !== 'undecodable') return [];
  return [
    {
      id: 'undecodable',
      place: `FelixConfiguration ${configuration.name}`,
      what: `natPortRange ${written} cannot be decoded (${value.why}): no Felix can read any FelixConfiguration. Running ones keep what they last read; one that restarts (a node reboot, an upgrade, any change) does not come up, and calicoctl fails too`,
      reach: 'every node of the cluster',
      repair: removal(configuration),
    },
  ];
}

/** kubectl works where calicoctl cannot read the object either. */
function removal({ apiGroup, name }: FelixConfiguration): string {
  return patchCommand(apiGroup, { name, patch: '[{"op":"remove","path":"/spec/natPortRange"}]' });
}

function patchCommand(
  apiGroup: CalicoApiGroup,
  { name, patch }: { readonly name: string; readonly patch: string },
): string {
  return `kubectl patch felixconfigurations.${apiGroup.replace(/\/.*$/, '')} ${name} --type=json -p '${patch}'`;
}

function valueTraps(layer: RangeLayer, index: ConfigurationIndex): RangeTrap[] {
  const { said, place } = layer;
  const written = said?.written ?? '';
  const common = { place, reach: THIS_NODE };
  if (said?.felix.kind === 'one-port')
    return [
      {
        ...common,
        id: 'one-port',
        what: `natPortRange ${written} is a single port: at most one connection at a time to each destination`,
      },
    ];
  if (said?.felix.kind === 'range' && said.felix.range.first < UNRESTRICTED_RANGE.first)
    return [
      {
        ...common,
        id: 'privileged-ports',
        what: `${formatRange(said.felix.range)} holds ports below ${UNRESTRICTED_RANGE.first}, which servers may trust or refuse`,
      },
    ];
  if (said?.felix.kind !== 'no-range' || said.felix.asked) return [];
  if (said.value.kind === 'named-port') return [{ ...common, ...namedPort(layer, index) }];
  return [
    { ...common, id: 'unusable-text', what: `${written} is no port range: Felix logs a warning and installs no range` },
  ];
}

function namedPort(
  { said, object, id }: RangeLayer,
  { byName }: ConfigurationIndex,
): Pick<RangeTrap, 'id' | 'what' | 'repair'> {
  const written = said?.written ?? '';
  const what = `natPortRange ${written} is taken for the name of a port: Felix silently installs no range`;
  const configuration = object === undefined ? undefined : byName.get(object);
  if (configuration === undefined || id.endsWith('-annotation')) return { id: 'named-port', what };
  const meant = said?.value.kind === 'named-port' ? said.value.name.replace('-', ':') : '';
  if (decodeNatPortRange(meant).felix.kind !== 'range')
    return { id: 'named-port', what, repair: removal(configuration) };
  const patch = `[{"op":"replace","path":"/spec/natPortRange","value":"${meant}"}]`;
  return {
    id: 'named-port',
    what: `${what}; "${meant}" was most likely meant`,
    repair: patchCommand(configuration.apiGroup, { name: configuration.name, patch }),
  };
}

function placeTraps({ id, place, said }: RangeLayer): RangeTrap[] {
  const written = said?.written ?? '';
  if (id === 'environment' || id === 'config-file')
    return [
      {
        id: 'environment-rules',
        place,
        what: `it says ${written} and rules over every FelixConfiguration: a change of natPortRange there does nothing`,
        reach: THIS_NODE,
      },
    ];
  if (!id.endsWith('-annotation')) return [];
  return [
    {
      id: 'annotation-rules',
      place,
      what: `${RANGE_ANNOTATION} says ${written} and takes the place of natPortRange in the spec of the same object; nothing validates it`,
      reach: THIS_NODE,
    },
  ];
}

function spellingTrap({ id, place, open }: Saying): RangeTrap[] {
  if (!id.endsWith('-annotation') || open === undefined) return [];
  return [{ id: 'annotation-spelling', place, what: `natPortRange is ${open}`, reach: THIS_NODE }];
}

function competing({ chosen, younger }: SelectorChoice): RangeTrap[] {
  if (chosen === undefined || younger.length === 0) return [];
  const names = younger.map(({ name }) => name).join(', ');
  return [
    {
      id: 'selectors-compete',
      place: `FelixConfiguration ${chosen.name}`,
      what: `${names} ${younger.length === 1 ? 'selects' : 'select'} this node too; the oldest, ${chosen.name}, counts alone, also where it says nothing`,
      reach: THIS_NODE,
    },
  ];
}

function setsRange(configuration: FelixConfiguration): boolean {
  const { kind } = decodeNatPortRange(configuration.natPortRange).value;
  return kind !== 'unset' && kind !== 'undecodable';
}

function ignoredTrap({ object, why }: SelectorChoice['ignored'][number]): RangeTrap {
  return {
    id: 'selector-ignored',
    place: `FelixConfiguration ${object.name}`,
    what: `its natPortRange is followed by no node: ${why}`,
    reach: 'every node it was meant for',
  };
}
