// Decodes natPortRange as Calico does, from the stored JSON value and from the text of a variable, a file or an annotation.
import type { DecodedPortRange } from './port-range-value.ts';

/** Decodes `spec.natPortRange` as stored; undefined and null are unset. */
export function decodeNatPortRange(raw: unknown): DecodedPortRange {
  throw new Error(`not written yet: ${String(raw)}`);
}

/** Decodes a value that reaches Felix as text, past every validator: an unusable text is "no range", an empty one nothing. */
export function decodeFelixText(text: string): DecodedPortRange {
  throw new Error(`not written yet: ${text}`);
}
