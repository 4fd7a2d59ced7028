// The one owner of an object that controls it: what made it and keeps it.
import { type JsonObject, listOf, objectOf, textOf } from './parse-object.ts';

export interface Owner {
  /** `ReplicaSet`, `Job`, `Node`, ... */
  readonly kind: string;
  readonly name: string;
}

/** Undefined where nothing controls it. */
export function parseOwner(metadata: JsonObject): Owner | undefined {
  for (const reference of listOf(metadata['ownerReferences'])) {
    const { controller, kind, name } = objectOf(reference);
    const owner = { kind: textOf(kind), name: textOf(name) };
    if (controller === true && owner.kind !== undefined && owner.name !== undefined)
      return { kind: owner.kind, name: owner.name };
  }
  return undefined;
}
