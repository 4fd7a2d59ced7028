// Merges a partial object into a stored one as calicoctl's patch does for kinds without merge keys: null removes, lists are
// replaced, objects go deeper. And the patch that takes it back.
import { type JsonObject, objectOf } from '../core/kube-objects/parse-object.ts';

export function mergePatch(stored: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...stored };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = isObject(value) ? mergePatch(objectOf(merged[name]), objectOf(value)) : value;
  }
  return merged;
}

/** What restores `stored` where `patch` changed it: former values, null where there was none. */
export function reversePatch(stored: JsonObject, patch: JsonObject): JsonObject {
  return reverseBelow(stored, patch, []);
}

function reverseBelow(stored: JsonObject, patch: JsonObject, path: readonly string[]): JsonObject {
  const entries = Object.entries(patch).map(([name, value]) => {
    const former = stored[name];
    // Maps of metadata belong to several writers: only the keys of the patch are taken back.
    const goesDeeper = isObject(value) && (isObject(former) || path.length === 0 || path[0] === 'metadata');
    if (goesDeeper) return [name, reverseBelow(objectOf(former), objectOf(value), [...path, name])];
    return [name, former ?? null];
  });
  return Object.fromEntries(entries);
}

export interface Change {
  /** `spec.natPortRange`. */
  readonly path: string;
  /** Undefined: absent. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs, by path; lists and values are compared whole. */
export function changesBetween(before: JsonObject, after: JsonObject, prefix = ''): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const path = `${prefix}${name}`;
    const [left, right] = [before[name], after[name]];
    if (isObject(left) && isObject(right)) return changesBetween(objectOf(left), objectOf(right), `${path}.`);
    return isSame(left, right) ? [] : [{ path, before: left, after: right }];
  });
}

/** As JSON, whatever the order of names. */
function isSame(left: unknown, right: unknown): boolean {
  if (isObject(left) && isObject(right)) return changesBetween(objectOf(left), objectOf(right)).length === 0;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  return left === right;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
