// Who wrote to an object last, as far as the API server notes it: the names in managedFields are given by the programs.
import { type JsonObject, listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';

export interface Writer {
  readonly name: string;
  /** RFC 3339. */
  readonly time: string;
}

export function writersOf(object: JsonObject): readonly Writer[] {
  return listOf(objectOf(object['metadata'])['managedFields']).map((entry) => {
    const { manager, time } = objectOf(entry);
    return { name: textOf(manager) ?? '', time: textOf(time) ?? '' };
  });
}

/** `kubectl-patch at 2026-01-01T00:00:00Z`: the last of those that count; undefined where none is noted. */
export function lastWriter(object: JsonObject, counts: (writer: Writer) => boolean): string | undefined {
  const [last] = writersOf(object)
    .filter(counts)
    .toSorted((left, right) => (left.time < right.time ? 1 : -1));
  return last === undefined ? undefined : `${last.name} at ${last.time}`;
}
