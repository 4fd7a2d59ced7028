// How it is told whose an object is: a mark on what a change makes, and the names that the API server notes for each writer.
import { type JsonObject, objectOf } from '../../core/kube-objects/parse-object.ts';
import { lastWriter, writersOf } from '../../kube/resources/last-writer.ts';

/** Annotation of an object that a change made; its value is the id. */
export const MARK = 'portolan.dev/change';

/** The name in managedFields under which a change writes. */
export function managerOf(id: string): string {
  return `portolan-change-${id}`;
}

/** Made by this change, and written by nobody else since. */
export function isOursAlone(object: JsonObject, id: string): boolean {
  const metadata = objectOf(object['metadata']);
  const writers = writersOf(object);
  return (
    objectOf(metadata['annotations'])[MARK] === id &&
    writers.length > 0 &&
    writers.every(({ name }) => name === managerOf(id))
  );
}

/** The last writer but us; undefined where none is noted. */
export function lastOtherWriter(object: JsonObject, id: string): string | undefined {
  return lastWriter(object, ({ name }) => name !== managerOf(id));
}
