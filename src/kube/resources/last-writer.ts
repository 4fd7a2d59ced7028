// Who wrote to an object last, as far as the API server notes it: the names in managedFields are given by the programs.
import { type JsonObject, listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';

export interface Writer {
  readonly name: string;
  /** RFC 3339. */
  readonly time: string;
  /** It gave spec.natPortRange its value. */
  readonly setRange: boolean;
}

export function writersOf(object: JsonObject): readonly Writer[] {
  return listOf(objectOf(object['metadata'])['managedFields']).map((entry) => {
    const { manager, time, fieldsV1 } = objectOf(entry);
    const setRange = 'f:natPortRange' in objectOf(objectOf(fieldsV1)['f:spec']);
    return { name: textOf(manager) ?? '', time: textOf(time) ?? '', setRange };
  });
}

/**
 * `kubectl-patch at 2026-01-01T00:00:00Z`: of those that count the one that set the range, else the last; undefined where none
 * is noted. Times are whole seconds: two writers of one second can only be told by what they set.
 */
export function lastWriter(object: JsonObject, counts: (writer: Writer) => boolean): string | undefined {
  const [last] = writersOf(object)
    .filter(counts)
    .toSorted((left, right) => Number(right.setRange) - Number(left.setRange) || (left.time < right.time ? 1 : -1));
  return last === undefined ? undefined : `${last.name} at ${last.time}`;
}
