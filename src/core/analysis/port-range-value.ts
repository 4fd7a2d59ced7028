// What a written natPortRange means to each of its three readers: the decoder of the object, the validator of calicoctl
// and of the aggregated API server, and Felix.
import type { PortRange } from '../model/port-range.ts';

/** The value as Calico's decoder takes it (api/pkg/lib/numorstring/port.go). */
export type PortRangeValue =
  | { readonly kind: 'unset' }
  | { readonly kind: 'range'; readonly range: PortRange }
  | { readonly kind: 'single-port'; readonly port: number }
  /** The word `none` in any case: Felix takes it for an explicit "no range". */
  | { readonly kind: 'none'; readonly name: string }
  /** A name where a number was meant; `32768-65535` is one. */
  | { readonly kind: 'named-port'; readonly name: string }
  | { readonly kind: 'undecodable'; readonly why: string };

/** What calicoctl or the aggregated API server answer to a write of it; kubectl on the CRD takes everything. */
export type WriteAnswer = { readonly ok: true } | { readonly ok: false; readonly rejection: string };

/** What Felix makes of it. */
export type FelixOutcome =
  /** The layer says nothing; the next one speaks. */
  | { readonly kind: 'falls-through' }
  | { readonly kind: 'range'; readonly range: PortRange }
  | { readonly kind: 'one-port'; readonly port: number }
  /** `asked`: no range was asked for; else Felix could not use the value and took its built-in default. */
  | { readonly kind: 'no-range'; readonly asked: boolean }
  /** No FelixConfiguration at all can be read while this one is stored. */
  | { readonly kind: 'unreadable' };

export interface DecodedPortRange {
  /** As written, for people: `"32768-65535"`, `1024`. */
  readonly written: string;
  readonly value: PortRangeValue;
  readonly calicoctl: WriteAnswer;
  readonly felix: FelixOutcome;
  /** The tail of the rule: `--to-ports 32768-65535`; undefined for a rule without a range, or no rule at all. */
  readonly rule?: string;
}
