// What a rule decoder may ask about the table its rule lives in.
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
  /** False when there are more than were read, or a catch-all element answers for the rest. */
  readonly complete: boolean;
}

export interface RuleContext {
  readonly family: 'ip' | 'ip6' | 'inet';
  /** The sets of the table; undefined for one that cannot be read. */
  set(name: string): SetShape | undefined;
  content(shape: SetShape): SetContent | undefined;
  readonly ipsets: IpsetNames;
}
