// How it is told whose an object is: a mark on what a change makes, and the names that the API server notes for each writer.
import { type JsonObject, listOf, objectOf, textOf } from '../../kube/access/parse-object.ts';

/** Annotation of an object that a change made; its value is the id. */
export const MARK = 'portolan.dev/change';

/** The name in managedFields under which a change writes. */
export function managerOf(id: string): string {
  return `portolan-change-${id}`;
}

/** Made by this change, and written by nobody else since. */
export function isOursAlone(object: JsonObject, id: string): boolean {
  const metadata = objectOf(object['metadata']);
  const managers = managersOf(object);
  return (
    objectOf(metadata['annotations'])[MARK] === id &&
    managers.length > 0 &&
    managers.every(({ name }) => name === managerOf(id))
  );
}

/** `kubectl-patch at 2026-01-01T00:00:00Z`: the last writer but us; undefined where none is noted. */
export function lastOtherWriter(object: JsonObject, id: string): string | undefined {
  const others = managersOf(object).filter(({ name }) => name !== managerOf(id));
  const last = others.toSorted((left, right) => (left.time < right.time ? 1 : -1))[0];
  return last === undefined ? undefined : `${last.name} at ${last.time}`;
}

function managersOf(object: JsonObject): { readonly name: string; readonly time: string }[] {
  return listOf(objectOf(object['metadata'])['managedFields']).map((entry) => {
    const { manager, time } = objectOf(entry);
    return { name: textOf(manager) ?? '', time: textOf(time) ?? '' };
  });
}
