// What a rule decoder may ask about the table its rule lives in.
import type { RuleVerdict } from '../../core/nat-rules/kernel-rule.ts';
import type { SetElement } from './set-element.ts';
import type { IpsetNames } from './xt-extension.ts';

/** NFTA_SET_* of one set. */
export interface SetShape {
  readonly name: string;
  /** NFT_SET_ANONYMOUS: written in the rule itself, its name means nothing. */
  readonly anonymous: boolean;
  readonly interval: boolean;
  readonly keyBytes: number;
}

export interface SetContent {
  readonly elements: readonly SetElement[];
  /** False when there may be more elements than were read. */
  readonly complete: boolean;
  /** The catch-all element, which answers for every other key. */
  readonly otherwise: { readonly verdict: RuleVerdict | undefined } | undefined;
}

export interface RuleContext {
  readonly family: 'ip' | 'ip6' | 'inet';
  /** The sets of the table; undefined for one that cannot be read. */
  set(name: string): SetShape | undefined;
  content(shape: SetShape): SetContent | undefined;
  readonly ipsets: IpsetNames;
}
