// What a value must look like: read it, or say what is wanted. The reference page is made from the same words.
import type { Given } from './given.ts';

export interface Form<Value> {
  /** Completes "wanted ...". */
  readonly wanted: string;
  /** Stands in for a refused value, so that the rest of the file is read as well. */
  readonly placeholder: Value;
  /** Undefined when refused; a form that says more than `wanted` says it itself. */
  read(given: Given): Value | undefined;
}

/** A form of one scalar. */
export function scalarForm<Value>(
  wanted: string,
  { placeholder, read }: { placeholder: Value; read: (text: string) => Value | undefined },
): Form<Value> {
  return { wanted, placeholder, read: ({ text }) => (text === undefined ? undefined : read(text)) };
}

/** A key of a map: what it means, its form, and what holds without it; required when there is no fallback. */
export interface Key<Value> {
  readonly name: string;
  /** A sentence without its full stop. */
  readonly about: string;
  readonly form: Form<Value>;
  readonly fallback?: { readonly value: Value; readonly text: string };
}
