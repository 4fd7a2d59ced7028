// What each layer of the chain says about natPortRange on one node, before it is decided which one rules.
import {
  DEFAULT_CONFIGURATION,
  type FelixConfiguration,
  nodeConfigurationName,
} from '../model/calico/felix-configuration.ts';
import type { FelixEnvironment } from '../model/calico/felix-environment.ts';
import type { Seen } from '../model/calico/seen.ts';
import type { Gap } from '../model/gap.ts';
import { configurationIndex } from './configuration-index.ts';
import type { Labels } from './node-selector.ts';
import {
  ANNOTATION_PREFIX,
  type AnnotationText,
  type RangeAnnotations,
  rangeAnnotations,
} from './parse-felix-annotations.ts';
import { rangeInConfigFile } from './parse-felix-config-file.ts';
import { decodeFelixText, decodeNatPortRange } from './parse-nat-port-range.ts';
import type { DecodedPortRange } from './port-range-value.ts';
import type { RangeLayerId } from './range-chain.ts';
import { type SelectorChoice, chooseSelectorObject } from './selector-object.ts';

export interface FelixRangeFacts {
  /** All of them, not only those of this node: one unreadable object hides all others from Felix. */
  readonly configurations: Seen<readonly FelixConfiguration[]>;
  readonly environment: Seen<FelixEnvironment>;
  /** The node's labels, which node selectors ask for. */
  readonly labels: Seen<Labels>;
  /** `v3.28.2`; decides whether node selectors are known to Felix. */
  readonly calicoVersion: Seen<string>;
}

/** One layer on its own. */
export interface Saying {
  readonly id: RangeLayerId;
  readonly place: string;
  readonly object?: string;
  /** undefined: nothing is said, or it was not read. */
  readonly said?: DecodedPortRange;
  /** Why it counts for nothing although it may say something. */
  readonly mute?: string;
  /** What was not read of this layer. */
  readonly gaps: readonly Gap[];
  /** Why it is not known what it says although it says something: no lower layer can be taken for the answer. */
  readonly open?: string;
}

export const VARIABLE = 'FELIX_NATPORTRANGE';
export const CONFIG_FILE = '/etc/calico/felix.cfg';

/** The layers above the built-in default, highest first, with what was chosen among selector objects. */
export function sayingsOn(
  node: string,
  facts: FelixRangeFacts,
): { readonly sayings: readonly Saying[]; readonly choice: SelectorChoice } {
  const { configurations, environment } = facts;
  const own = [variableSaying(environment), fileSaying(environment)];
  if (!configurations.seen) return { sayings: [...own, ...unreadObjects(node, configurations)], choice: NO_CHOICE };
  const { byName, others } = configurationIndex(configurations.value);
  const choice = chooseSelectorObject({ ...facts, objects: others });
  const ownName = nodeConfigurationName(node);
  return {
    choice,
    sayings: [
      ...own,
      ...objectSayings('node', { object: byName.get(ownName), name: ownName, gaps: [] }),
      ...objectSayings('selector', { object: choice.chosen, name: undefined, gaps: choice.gaps }),
      ...objectSayings('default', { object: byName.get(DEFAULT_CONFIGURATION), name: DEFAULT_CONFIGURATION, gaps: [] }),
    ],
  };
}

const NO_CHOICE: SelectorChoice = { younger: [], ignored: [], undecided: [], gaps: [] };

/** Names are taken without regard to case; of two that differ in case only, the later counts (felix/config/env_var_loader.go). */
function variableSaying(environment: Seen<FelixEnvironment>): Saying {
  const place = `variable ${VARIABLE} of calico-node`;
  if (!environment.seen) return { id: 'environment', place, gaps: [environmentGap(environment)] };
  const { variables, unread } = environment.value;
  const text = Object.entries(variables).findLast(([name]) => isVariable(name))?.[1];
  const hidden = unread.find(({ name }) => name !== undefined && isVariable(name));
  if (hidden !== undefined)
    return {
      id: 'environment',
      place,
      open: `its value comes from ${hidden.from}`,
      gaps: [unreadVariable(hidden.from)],
    };
  if (text !== undefined) return { id: 'environment', place, said: decodeFelixText(text), gaps: [] };
  const whole = unread.filter(({ name }) => name === undefined);
  return { id: 'environment', place, gaps: whole.map(({ from }) => unreadSource(from)) };
}

function isVariable(name: string): boolean {
  return name.toUpperCase() === VARIABLE;
}

function fileSaying(environment: Seen<FelixEnvironment>): Saying {
  const place = `NATPortRange in ${CONFIG_FILE}`;
  const file = environment.seen ? environment.value.configFile : environment;
  if (!file.seen) return { id: 'config-file', place, gaps: [fileGap(file)] };
  const text = file.value === undefined ? undefined : rangeInConfigFile(file.value);
  return { id: 'config-file', place, gaps: [], ...(text === undefined ? {} : { said: decodeFelixText(text) }) };
}

interface ObjectAsked {
  readonly object: FelixConfiguration | undefined;
  readonly name: string | undefined;
  readonly gaps: readonly Gap[];
}

/** An object is two layers: its annotation, then its spec. */
function objectSayings(id: 'node' | 'selector' | 'default', { object, name, gaps }: ObjectAsked): Saying[] {
  const place = placeOf(object?.name ?? name);
  if (object === undefined)
    return [
      { id: `${id}-annotation`, place: `annotation of ${place}`, gaps },
      { id, place, gaps: [], ...(name === undefined ? {} : { object: name }) },
    ];
  const found = rangeAnnotations(object);
  const spec = decodeNatPortRange(object.natPortRange);
  const speaks = spec.value.kind !== 'unset';
  return [
    annotationSaying(`${id}-annotation`, { object, found, spec, gaps }),
    {
      id,
      place,
      object: object.name,
      gaps: [],
      ...(speaks ? { said: spec } : {}),
      ...(speaks && found.exact !== undefined ? { mute: 'an annotation takes its place' } : {}),
    },
  ];
}

function placeOf(name: string | undefined): string {
  return name === undefined ? 'a FelixConfiguration with a node selector' : `FelixConfiguration ${name}`;
}

interface AnnotationAsked {
  readonly object: FelixConfiguration;
  readonly found: RangeAnnotations;
  readonly spec: DecodedPortRange;
  readonly gaps: readonly Gap[];
}

function annotationSaying(id: RangeLayerId, { object, found, spec, gaps }: AnnotationAsked): Saying {
  const { exact, otherSpellings, unread } = found;
  const ruling = exact ?? otherSpellings[0];
  const common = {
    id,
    place: `annotation${ruling === undefined ? '' : ` ${ruling.key.replace(ANNOTATION_PREFIX, '')}`} of ${placeOf(object.name)}`,
    object: object.name,
  };
  const unreadGaps = unread === undefined ? [] : [metadataGap(object.name, unread)];
  if (ruling === undefined) return { ...common, gaps: [...gaps, ...unreadGaps] };
  const said = decodeFelixText(ruling.text);
  const rivals = [
    ...otherSpellings.map(({ text }) => decodeFelixText(text)),
    ...(exact === undefined ? [spec] : [said]),
  ];
  const isEither = rivals.some((rival) => rival.felix.kind !== 'falls-through' && !sameOutcome(rival, said));
  return {
    ...common,
    said,
    gaps: [...gaps, ...unreadGaps, ...(ruling.isInside ? [insideGap(ruling, object.name)] : [])],
    ...(isEither ? { open: EITHER } : {}),
  };
}

const EITHER = 'set twice in different spellings: Felix takes either value, in no order';

function sameOutcome(left: DecodedPortRange, right: DecodedPortRange): boolean {
  return left.felix.kind === right.felix.kind && left.rule === right.rule;
}

const WEAKENS = 'which range rules on this node';

function environmentGap({ why, remedy }: Extract<Seen<unknown>, { seen: false }>): Gap {
  return {
    id: 'felix-environment',
    what: `the environment of calico-node: ${VARIABLE} there would rule over every FelixConfiguration`,
    why,
    weakens: WEAKENS,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function unreadVariable(from: string): Gap {
  return {
    id: 'felix-environment',
    what: `the value of ${VARIABLE}, which is set`,
    why: `it comes from ${from}`,
    weakens: WEAKENS,
  };
}

function unreadSource(from: string): Gap {
  return {
    id: 'felix-environment-source',
    what: `whether ${from} sets ${VARIABLE}`,
    why: 'calico-node takes variables from it, and it was not read',
    weakens: WEAKENS,
  };
}

function fileGap({ why, remedy }: Extract<Seen<unknown>, { seen: false }>): Gap {
  return {
    id: 'felix-config-file',
    what: `${CONFIG_FILE} of calico-node`,
    why,
    weakens: WEAKENS,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function unreadObjects(node: string, { why, remedy }: Extract<Seen<unknown>, { seen: false }>): Saying[] {
  const gap: Gap = {
    id: 'felix-configurations',
    what: 'the FelixConfigurations',
    why,
    weakens: WEAKENS,
    ...(remedy === undefined ? {} : { remedy }),
  };
  const places = [
    ['node', placeOf(nodeConfigurationName(node))],
    ['selector', placeOf(undefined)],
    ['default', placeOf(DEFAULT_CONFIGURATION)],
  ] as const;
  return places.map(([id, place]) => ({ id, place, gaps: [gap], open: why }));
}

function metadataGap(object: string, why: string): Gap {
  return { id: 'felix-configurations', what: `annotations inside FelixConfiguration ${object}`, why, weakens: WEAKENS };
}

function insideGap({ key }: AnnotationText, object: string): Gap {
  return {
    id: 'calico-version',
    what: `whether this Calico follows the annotation ${key} of ${object}`,
    why: 'it stands inside projectcalico.org/metadata, where only recent versions look',
    weakens: WEAKENS,
  };
}
