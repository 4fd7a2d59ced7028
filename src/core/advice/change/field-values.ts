// The fields that a change reads and writes, inside an object of which everything else stays as it is.
import { type FieldName, FIELD_PATHS, type FieldState, type Fields } from './change.ts';

type Json = Readonly<Record<string, unknown>>;

export const ABSENT: FieldState = { absent: true };

/** The present state of those fields. */
export function fieldsOf(object: unknown, names: readonly FieldName[]): Fields {
  return Object.fromEntries(names.map((name) => [name, fieldOf(object, FIELD_PATHS[name])]));
}

function fieldOf(object: unknown, path: readonly string[]): FieldState {
  let place: unknown = object;
  for (const name of path) {
    if (!isObject(place) || !Object.hasOwn(place, name)) return ABSENT;
    place = place[name];
  }
  return { value: place };
}

/** A copy of the object with the fields so; what is on the way to a field is made where it is missing. */
export function withFields(object: Json, fields: Fields): Json {
  return namesOf(fields).reduce(
    (changed, name) => withField(changed, FIELD_PATHS[name], fields[name] ?? ABSENT),
    object,
  );
}

function withField(object: Json, [name = '', ...rest]: readonly string[], state: FieldState): Json {
  const isLast = rest.length === 0;
  if ('absent' in state) {
    const inner = object[name];
    if (isLast) return without(object, name);
    return isObject(inner) ? { ...object, [name]: withField(inner, rest, state) } : object;
  }
  if (isLast) return { ...object, [name]: state.value };
  const inner = object[name];
  return { ...object, [name]: withField(isObject(inner) ? inner : {}, rest, state) };
}

function without(object: Json, name: string): Json {
  const { [name]: _, ...others } = object;
  return others;
}

export function namesOf(fields: Fields): readonly FieldName[] {
  return FIELD_NAMES.filter((name) => fields[name] !== undefined);
}

const FIELD_NAMES: readonly FieldName[] = ['natPortRange', 'topologySpreadConstraints', 'replicas'];

/** Whether each field of `wanted` is so in `present`. */
export function hasFields(present: Fields, wanted: Fields): boolean {
  return namesOf(wanted).every((name) => sameState(present[name] ?? ABSENT, wanted[name] ?? ABSENT));
}

function sameState(left: FieldState, right: FieldState): boolean {
  if ('absent' in left || 'absent' in right) return 'absent' in left && 'absent' in right;
  return sameJson(left.value, right.value);
}

/** Equal as JSON: the order of names does not count, that of lists does. */
function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => sameJson(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]))
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `"32768:65535"`, `(not set)`. */
export function stateText(state: FieldState | undefined): string {
  return state === undefined || 'absent' in state ? '(not set)' : JSON.stringify(state.value);
}

/** What a list loses and gains, an item a text; undefined where neither side is a list. */
export function listDifference(
  from: FieldState | undefined,
  to: FieldState | undefined,
): { readonly removed: readonly string[]; readonly added: readonly string[] } | undefined {
  const [old, next] = [itemsOf(from), itemsOf(to)];
  if (old === undefined && next === undefined) return undefined;
  const [before, after] = [old ?? [], next ?? []];
  const missingIn = (items: readonly unknown[]) => (item: unknown) => !items.some((other) => sameJson(item, other));
  return {
    removed: before.filter(missingIn(after)).map((item) => JSON.stringify(item)),
    added: after.filter(missingIn(before)).map((item) => JSON.stringify(item)),
  };
}

function itemsOf(state: FieldState | undefined): readonly unknown[] | undefined {
  if (state === undefined || 'absent' in state) return undefined;
  const items: unknown = state.value;
  return Array.isArray(items) ? items : undefined;
}
