// The layers that may set a node's natPortRange, highest first, what each says, and which one rules: the vocabulary.
import type { Gap } from '../model/gap.ts';
import type { PortRange } from '../model/port-range.ts';
import type { Confidence } from './finding.ts';
import type { DecodedPortRange } from './port-range-value.ts';

/** In descending precedence; an annotation of an object beats the spec of the same object, nothing more. */
export type RangeLayerId =
  | 'environment'
  | 'config-file'
  | 'node-annotation'
  | 'node'
  | 'selector-annotation'
  | 'selector'
  | 'default-annotation'
  | 'default'
  | 'built-in';

/** Who rules and who does not: `rules`; `shadowed` speaks, but a higher layer rules; `silent` says nothing; `not-read`. */
export type LayerRole = 'rules' | 'shadowed' | 'silent' | 'not-read';

export interface RangeLayer {
  readonly id: RangeLayerId;
  /** Where it stands: `FelixConfiguration node.worker-3`, `variable FELIX_NATPORTRANGE of calico-node`. */
  readonly place: string;
  /** Name of the FelixConfiguration, for layers that are one. */
  readonly object?: string;
  /** undefined when the layer says nothing or was not read. */
  readonly said?: DecodedPortRange;
  readonly role: LayerRole;
  /** Why it has that role, in a person's words. */
  readonly why: string;
}

/** What new TCP and UDP flows of pods get on the node, as far as Calico's configuration decides it. */
export type NodeRange =
  | { readonly kind: 'range'; readonly range: PortRange }
  | { readonly kind: 'none' }
  /** An unreadable object is stored: running Felixes keep what they last read, restarting ones cannot start. */
  | { readonly kind: 'frozen' }
  /** A layer that may rule was not read. */
  | { readonly kind: 'unknown' };

export type RangeTrapId =
  | 'undecodable'
  | 'named-port'
  | 'unusable-text'
  | 'one-port'
  | 'privileged-ports'
  | 'annotation-rules'
  | 'annotation-spelling'
  | 'environment-rules'
  | 'selectors-compete'
  | 'selector-ignored';

export type TrapReach = 'this node' | 'every node it was meant for' | 'every node of the cluster';

/** A value or a constellation that does something else than its writer most likely meant. */
export interface RangeTrap {
  readonly id: RangeTrapId;
  readonly place: string;
  /** What it does, in a sentence. */
  readonly what: string;
  /** Who suffers. */
  readonly reach: TrapReach;
  /** The command that repairs it, when one does. */
  readonly repair?: string;
}

export interface EffectiveNatPortRange {
  readonly node: string;
  readonly range: NodeRange;
  /** Highest first; absent objects are `silent`. */
  readonly layers: readonly RangeLayer[];
  /** The layer that rules; undefined for `frozen` and `unknown`. */
  readonly ruling?: RangeLayerId;
  readonly confidence: Confidence;
  readonly traps: readonly RangeTrap[];
  readonly gaps: readonly Gap[];
}
