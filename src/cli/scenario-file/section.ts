// One map of a scenario file: reads its keys by their forms and complains about unknown, repeated and missing ones.
import { formatInteger } from '../../present/number-text.ts';
import { didYouMean } from '../flags/suggestion.ts';
import type { Form, Key } from './form.ts';
import type { Given } from './given.ts';

export class Section {
  readonly given: Given;
  readonly #values = new Map<string, Given>();

  /** @param known every key that may stand here. */
  constructor(given: Given, known: readonly string[]) {
    this.given = given;
    const entries = given.entries();
    if (entries === undefined) given.complain(`a map of ${known.join(', ')}`);
    for (const { key, value } of entries ?? []) this.#accept(key, value, known);
  }

  has({ name }: { readonly name: string }): boolean {
    return this.#values.has(name);
  }

  /** The place of a key's value, or of the map. */
  at({ name }: { readonly name: string }): Given {
    return this.#values.get(name) ?? this.given;
  }

  /** The value, or its fallback, or after a complaint the placeholder of its form. */
  value<Value>(key: Key<Value>): Value {
    const given = this.#values.get(key.name);
    if (given !== undefined) return readForm(key.form, given);
    if (key.fallback !== undefined) return key.fallback.value;
    if (this.given.entries() !== undefined) this.given.say(`no ${key.name} given, wanted ${key.form.wanted}`);
    return key.form.placeholder;
  }

  #accept(key: Given, value: Given, known: readonly string[]): void {
    const name = key.text ?? '';
    const earlier = this.#values.get(name);
    if (!known.includes(name)) {
      key.complain(`one of ${known.join(', ')}${didYouMean(name, known)}`, `no such key: ${key.shown()}`);
    } else if (earlier !== undefined) {
      value.complain('it once', `given twice (before at ${earlier.place})`);
    } else {
      this.#values.set(name, value);
    }
  }
}

/** Reads a value; when it is refused and nothing was said yet, says what is wanted. */
export function readForm<Value>(form: Form<Value>, given: Given): Value {
  const before = given.problems.count;
  const value = form.read(given);
  if (value !== undefined) return value;
  if (given.problems.count === before) given.complain(form.wanted);
  return form.placeholder;
}

/** The members of a list of maps. */
export function listForm<Value>(
  { what, least, most }: { readonly what: string; readonly least: number; readonly most: number },
  readItem: (item: Given) => Value,
): Form<readonly Value[]> {
  const wanted = `a list of ${least} to ${formatInteger(most)} ${what}`;
  return {
    wanted,
    placeholder: [],
    read: (given) => {
      const items = given.items();
      if (items === undefined) return undefined;
      if (items.length < least || items.length > most) {
        given.complain(wanted, `${formatInteger(items.length)} given`);
        return [];
      }
      return items.map(readItem);
    },
  };
}
