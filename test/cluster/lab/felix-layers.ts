// Which setting of natPortRange rules on a node, as Felix decides (felix/config/config_params.go, SourcesInDescendingOrder):
// variable, node.NAME, the oldest object whose selector matches, default; an annotation replaces the field beside it.
import { valueAt } from '../api-request.ts';
import { decodeStored, type FelixPorts, parseForFelix } from './felix-value.ts';

/** A FelixConfiguration as the API server sends it. */
export interface FelixObject {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface FelixPlace {
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** All that a Felix is configured with: it restarts when any of it changes. */
export interface FelixConfig {
  readonly ports: FelixPorts | undefined;
  /** Every other field, of the layer that rules it. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** Undefined when one object cannot be decoded: then no list of them can be read at all. */
export function felixConfig(objects: readonly FelixObject[], place: FelixPlace): FelixConfig | undefined {
  const isReadable = objects.every(({ spec }) => {
    return spec?.['natPortRange'] === undefined || decodeStored(spec['natPortRange']) !== undefined;
  });
  if (!isReadable) return undefined;
  const layers = rulingObjects(objects, place);
  const texts = [variable(place.env), ...layers.map(textOf)];
  const ruling = texts.find((text) => text !== undefined && text !== '');
  const isNone = ruling === undefined || ruling.toLowerCase() === 'none';
  const { natPortRange: _, ...others } = Object.assign({}, ...layers.map(({ spec }) => spec ?? {}).toReversed());
  return { ports: isNone ? undefined : parseForFelix(ruling), others };
}

/** Of this node, the strongest first. */
function rulingObjects(objects: readonly FelixObject[], { node, labels }: FelixPlace): readonly FelixObject[] {
  const named = (name: string): FelixObject[] => objects.filter(({ metadata }) => metadata.name === name);
  const selecting = objects
    .filter(({ spec }) => matches(spec?.['nodeSelector'], labels))
    .toSorted((one, other) => age(one).localeCompare(age(other)));
  return [...named(`node.${node}`), ...selecting.slice(0, 1), ...named('default')];
}

function age({ metadata }: FelixObject): string {
  return `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
}

/** As much of Calico's selectors as the tests write: comparisons joined by `&&`. */
function matches(selector: unknown, labels: FelixPlace['labels']): boolean {
  if (typeof selector !== 'string') return false;
  return selector.split('&&').every((term) => {
    const [, key = '', value = ''] = /^\s*(\S+)\s*==\s*['"](.*)['"]\s*$/.exec(term) ?? [];
    if (key === '') throw new TypeError(`this Felix does not know the selector ${selector}`);
    return labels[key] === value;
  });
}

function variable(env: FelixPlace['env']): string | undefined {
  return env.find(({ name }) => name.toLowerCase() === 'felix_natportrange')?.value;
}

const ANNOTATION = 'config.projectcalico.org/natportrange';

function textOf({ metadata, spec }: FelixObject): string | undefined {
  const { annotations = {} } = metadata;
  const folded: unknown = JSON.parse(annotations['projectcalico.org/metadata'] ?? '{}');
  const inside: unknown = valueAt(folded, 'annotations') ?? {};
  const all = [...Object.entries(annotations), ...Object.entries(typeof inside === 'object' && inside ? inside : {})];
  const found: unknown = all.find(([name]) => name.toLowerCase() === ANNOTATION)?.[1];
  if (typeof found === 'string') return found;
  return spec?.['natPortRange'] === undefined ? undefined : decodeStored(spec['natPortRange']);
}
