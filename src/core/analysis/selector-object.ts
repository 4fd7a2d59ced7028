// Which FelixConfiguration with a node selector rules a node: of all that match, the oldest, and only that one, even where it
// says nothing (felix/calc/config_batcher.go MergeSelectorConfigs; Calico 3.32 and later).
import type { FelixConfiguration } from '../model/calico/felix-configuration.ts';
import type { Seen } from '../model/calico/seen.ts';
import type { Gap } from '../model/gap.ts';
import { type Labels, parseNodeSelector } from './node-selector.ts';
import { rangeAnnotations } from './parse-felix-annotations.ts';

/** The first minor version of Calico 3 that knows node selectors. */
const FIRST_MINOR = 32;

export interface SelectorChoice {
  readonly chosen?: FelixConfiguration;
  /** Others that match and are younger. */
  readonly younger: readonly FelixConfiguration[];
  /** Objects that no node follows, each with the reason. */
  readonly ignored: readonly { readonly object: FelixConfiguration; readonly why: string }[];
  /** Objects of which it is not known whether they rule. */
  readonly undecided: readonly FelixConfiguration[];
  readonly gaps: readonly Gap[];
}

export interface SelectorFacts {
  /** All but `default` and those of nodes. */
  readonly objects: readonly FelixConfiguration[];
  readonly labels: Seen<Labels>;
  readonly calicoVersion: Seen<string>;
}

/** Chooses the one that a node follows. */
export function chooseSelectorObject({ objects, labels, calicoVersion }: SelectorFacts): SelectorChoice {
  const ignored = objects.filter(hasNoSelector).map((object) => ({ object, why: 'it has no nodeSelector' }));
  const selecting = objects.filter((object) => !hasNoSelector(object));
  const nothing: SelectorChoice = { younger: [], ignored, undecided: [], gaps: [] };
  if (selecting.length === 0) return nothing;
  const knows = knowsSelectors(calicoVersion);
  if (knows === 'no') {
    const version = calicoVersion.seen ? calicoVersion.value : '';
    const why = `Calico ${version} does not follow node selectors, 3.${FIRST_MINOR} and later do`;
    return { ...nothing, ignored: [...ignored, ...selecting.map((object) => ({ object, why }))] };
  }
  if (knows !== 'yes') return { ...nothing, undecided: selecting, gaps: [versionGap(knows.why)] };
  if (!labels.seen) return { ...nothing, undecided: selecting, gaps: [labelsGap(labels)] };
  return { ...chosenOf(selecting, labels.value), ignored };
}

function hasNoSelector({ nodeSelector }: FelixConfiguration): boolean {
  return nodeSelector === undefined || nodeSelector === '';
}

function chosenOf(selecting: readonly FelixConfiguration[], labels: Labels): SelectorChoice {
  const matching: FelixConfiguration[] = [];
  const undecided: FelixConfiguration[] = [];
  const gaps: Gap[] = [];
  for (const object of selecting) {
    const parsed = parseNodeSelector(object.nodeSelector ?? '');
    if (!parsed.ok) {
      undecided.push(object);
      gaps.push(selectorGap(object, parsed));
    } else if (parsed.matches(labels)) matching.push(object);
  }
  const [chosen, ...younger] = matching.toSorted(byAge);
  return { ...(chosen === undefined ? {} : { chosen }), younger, ignored: [], undecided, gaps };
}

/** Ties go to the name that sorts first; an object without a time counts as the oldest, as Go's zero time does. */
function byAge(left: FelixConfiguration, right: FelixConfiguration): number {
  const [first, second] = [creationOf(left), creationOf(right)];
  if (first !== second) return first < second ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}

function creationOf(object: FelixConfiguration): number {
  const time = Date.parse(rangeAnnotations(object).createdAt ?? '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

function knowsSelectors(calicoVersion: Seen<string>): 'yes' | 'no' | { readonly why: string } {
  if (!calicoVersion.seen) return { why: calicoVersion.why };
  const match = /^v?(\d+)\.(\d+)/.exec(calicoVersion.value);
  if (match === null) return { why: `"${calicoVersion.value}" is no version` };
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 3 || (major === 3 && minor >= FIRST_MINOR) ? 'yes' : 'no';
}

const WEAKENS = 'whether a FelixConfiguration with a node selector sets the range of this node';

function versionGap(why: string): Gap {
  return { id: 'calico-version', what: 'the version of Calico', why, weakens: WEAKENS };
}

function labelsGap({ why, remedy }: Extract<Seen<Labels>, { seen: false }>): Gap {
  return {
    id: 'node-labels',
    what: "the node's labels",
    why,
    weakens: WEAKENS,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function selectorGap(
  { name, nodeSelector = '' }: FelixConfiguration,
  { at, wanted }: { readonly at: number; readonly wanted: string },
): Gap {
  return {
    id: 'node-selector',
    what: `the node selector of FelixConfiguration ${name}`,
    why: `${JSON.stringify(nodeSelector)} is not understood from character ${at + 1} on: wanted ${wanted}`,
    weakens: WEAKENS,
    remedy: `kubectl get felixconfigurations ${name} -o yaml`,
  };
}
