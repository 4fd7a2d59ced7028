// Reads untrusted JSON into types field by field, and says of every wrong place what stands there and what is wanted.

/** A place in a document and what was found wrong so far. */
export interface Place {
  /** `remedies[2].effect`. */
  readonly path: string;
  readonly problems: string[];
}

export interface Reader<Value> {
  readonly read: (value: unknown, place: Place) => Value;
  /** Name in the document where it is not the field's own. */
  readonly key?: string;
  readonly isOptional?: boolean;
}

/** null and absent are the same, and leave the field out. */
export interface OptionalReader<Value> extends Reader<Value> {
  readonly isOptional: true;
}

type Shape = Readonly<Record<string, Reader<unknown>>>;
type ValueOf<Field> = Field extends Reader<infer Value> ? Value : never;
type OptionalName<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends { isOptional: true } ? Name : never;
}[keyof Fields];

/** The object that a shape describes. */
export type Shaped<Fields> = {
  readonly [Name in Exclude<keyof Fields, OptionalName<Fields>>]: ValueOf<Fields[Name]>;
} & { readonly [Name in OptionalName<Fields>]?: ValueOf<Fields[Name]> };

/** A cluster has 150,000 pods; a node has 65,535 ports for each of two protocols, and claims on many of them. */
const LONGEST_LIST = 1_000_000;
const SHOWN = 40;
/** After so many the rest of a list is not worth reading: the document is of another kind. */
const MOST_PROBLEMS = 100;

/** A reader for values that pass a test; what does not pass is a problem, and the value returned for it is never used. */
export function valueThat<Value>(isOne: (value: unknown) => boolean, wanted: string): Reader<Value> {
  return {
    read: (value, { path, problems }) => {
      if (!isOne(value)) problems.push(`${path}: ${shown(value)}, wanted ${wanted}`);
      return value as Value;
    },
  };
}

/** Control characters could drive the terminal that prints them. */
const CONTROL = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

/** One line. */
export const text: Reader<string> = valueThat(
  (value) => typeof value === 'string' && !CONTROL.test(value),
  'text on one line without control characters',
);

/** Several lines, for a shell. */
export const script: Reader<string> = valueThat(
  (value) => typeof value === 'string' && !CONTROL.test(value.replace(/[\n\t]/g, '')),
  'text without control characters',
);

export const yesOrNo: Reader<boolean> = valueThat((value) => typeof value === 'boolean', 'true or false');

/** A finite number within limits. */
export function numberFrom(least: number, most: number): Reader<number> {
  const isOne = (value: unknown): boolean => typeof value === 'number' && value >= least && value <= most;
  return valueThat(isOne, `a number from ${least} to ${most}`);
}

export function wholeFrom(least: number, most: number): Reader<number> {
  const isOne = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  return valueThat(isOne, `a whole number from ${least} to ${most}`);
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]): Reader<Choice> {
  return valueThat((value) => choices.some((choice) => choice === value), choices.join(', '));
}

/** One of the words of a union: the object names each of them, so that a new one does not compile until it is named here. */
export function oneWordOf<Word extends string>(words: Readonly<Record<Word, true>>): Reader<Word> {
  const choices = Object.keys(words);
  return valueThat((value) => choices.some((choice) => choice === value), choices.join(', '));
}

/** A word of ours that a later version may add to: any word passes. */
export function wordOf<Word extends string>(): Reader<Word> {
  return valueThat((value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value), 'a word');
}

export function listOf<Value>(item: Reader<Value>): Reader<readonly Value[]> {
  return {
    read: (value, place) => {
      if (Array.isArray(value) && value.length <= LONGEST_LIST)
        return value.flatMap((one: unknown, index) =>
          place.problems.length > MOST_PROBLEMS ? [] : [item.read(one, { ...place, path: `${place.path}[${index}]` })],
        );
      place.problems.push(`${place.path}: ${shown(value)}, wanted a list of at most ${LONGEST_LIST}`);
      return [];
    },
  };
}

export function optional<Value>(reader: Reader<Value>): OptionalReader<Value> {
  return { ...reader, isOptional: true };
}

/** null and absent both stand for undefined, and the field is kept. */
export function orUndefined<Value>(reader: Reader<Value>): Reader<Value | undefined> {
  return { read: (value, place) => ((value ?? null) === null ? undefined : reader.read(value, place)) };
}

/** Texts under names that are data themselves: labels. */
export function textsByName(item: Reader<string>): Reader<Readonly<Record<string, string>>> {
  return {
    read: (value, place) => {
      if (!isObject(value)) place.problems.push(`${place.path}: ${shown(value)}, wanted an object`);
      const entries = Object.entries(isObject(value) ? value : {});
      return Object.fromEntries(
        entries.map(([name, one]) => [
          item.read(name, { ...place, path: `${place.path} (a name)` }),
          item.read(one, { ...place, path: `${place.path}.${name}` }),
        ]),
      );
    },
  };
}

/** The same under another name in the document. */
export function named<Value>(key: string, reader: OptionalReader<Value>): OptionalReader<Value>;
export function named<Value>(key: string, reader: Reader<Value>): Reader<Value>;
export function named<Value>(key: string, reader: Reader<Value>): Reader<Value> {
  return { ...reader, key };
}

/** An object with these fields; others are left alone: a later version may add some. */
export function object<Fields extends Shape>(fields: Fields): Reader<Shaped<Fields>> {
  return {
    read: (value, place) => {
      if (!isObject(value)) place.problems.push(`${place.path}: ${shown(value)}, wanted an object`);
      const source = isObject(value) ? value : {};
      const entries = Object.entries(fields).flatMap(([name, field]) => {
        const key = field.key ?? name;
        const found = Object.hasOwn(source, key) ? source[key] : undefined;
        if (field.isOptional === true && (found ?? null) === null) return [];
        const path = place.path === '' ? key : `${place.path}.${key}`;
        return isObject(value) ? [[name, field.read(found, { ...place, path })]] : [];
      });
      return Object.fromEntries(entries) as Shaped<Fields>;
    },
  };
}

type FieldOf<Value, Name extends keyof Value> =
  Partial<Pick<Value, Name>> extends Pick<Value, Name>
    ? OptionalReader<Exclude<Value[Name], undefined>>
    : Reader<Value[Name]>;

/** An object of a known type: a field without a reader does not compile. */
export function objectLike<Value>(
  fields: {
    readonly [Name in keyof Value]-?: FieldOf<Value, Name>;
  },
): Reader<Value> {
  return object(fields as Shape) as Reader<unknown> as Reader<Value>;
}

/** An object whose field `tag` says which of several shapes it has. */
export function variant<Value>(tag: string, shapes: Readonly<Record<string, Reader<Value>>>): Reader<Value> {
  return {
    read: (value, place) => {
      const given = isObject(value) && Object.hasOwn(value, tag) ? value[tag] : undefined;
      const name = String(given);
      const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      if (shape !== undefined) return shape.read(value, place);
      place.problems.push(`${place.path}.${tag}: ${shown(given)}, wanted ${Object.keys(shapes).join(', ')}`);
      return value as Value;
    },
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value) ?? typeof value;
  const plain = json.replace(new RegExp(CONTROL, 'gu'), '?');
  return plain.length <= SHOWN ? plain : `${plain.slice(0, SHOWN)}...`;
}
