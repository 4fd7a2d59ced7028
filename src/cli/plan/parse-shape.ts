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

/** A node has 65,535 ports for each of two protocols, and claims on many of them. */
const LONGEST_LIST = 200_000;
const SHOWN = 40;

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

export function listOf<Value>(item: Reader<Value>): Reader<readonly Value[]> {
  return {
    read: (value, place) => {
      if (Array.isArray(value) && value.length <= LONGEST_LIST)
        return value.map((one: unknown, index) => item.read(one, { ...place, path: `${place.path}[${index}]` }));
      place.problems.push(`${place.path}: ${shown(value)}, wanted a list of at most ${LONGEST_LIST}`);
      return [];
    },
  };
}

export function optional<Value>(reader: Reader<Value>): OptionalReader<Value> {
  return { ...reader, isOptional: true };
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

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value) ?? typeof value;
  const plain = json.replace(new RegExp(CONTROL, 'gu'), '?');
  return plain.length <= SHOWN ? plain : `${plain.slice(0, SHOWN)}...`;
}
