// What a watch knows so far: which objects there are, in which version, and what of them is wanted. It turns lists and events
// into changes, so that a list after a gap says what happened in between.
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';

export interface ItemChange<Item> {
  readonly kind: 'added' | 'modified' | 'deleted';
  /** When deleted: as it was last. */
  readonly item: Item;
}

/** An object of a list: its place, its version, and what is wanted of it. */
export interface ListedItem<Item> {
  readonly key: string;
  readonly version: string;
  readonly item: Item;
}

export function listedItem<Item>(
  object: unknown,
  project: (object: unknown) => Item | undefined,
): ListedItem<Item> | undefined {
  const item = project(object);
  if (item === undefined) return undefined;
  const metadata = objectOf(objectOf(object)['metadata']);
  return { key: keyOf(object), version: textOf(metadata['resourceVersion']) ?? '', item };
}

export class WatchedItems<Item> {
  readonly #project: (object: unknown) => Item | undefined;
  #known = new Map<string, ListedItem<Item>>();

  constructor(project: (object: unknown) => Item | undefined) {
    this.#project = project;
  }

  /** What changed since the last list or event; objects that are no longer listed were deleted. */
  *replaceAll(listed: readonly ListedItem<Item>[]): Generator<ItemChange<Item>, void, undefined> {
    const before = this.#known;
    this.#known = new Map(listed.map((entry) => [entry.key, entry]));
    for (const [key, { item }] of before) if (!this.#known.has(key)) yield { kind: 'deleted', item };
    for (const [key, { item, version }] of this.#known) {
      const old = before.get(key);
      if (old === undefined) yield { kind: 'added', item };
      else if (old.version !== version) yield { kind: 'modified', item };
    }
  }

  /** An object that is no longer wanted counts as deleted. */
  changed(object: unknown): ItemChange<Item> | undefined {
    const entry = listedItem(object, this.#project);
    if (entry === undefined) return this.deleted(object);
    const kind = this.#known.has(entry.key) ? 'modified' : 'added';
    this.#known.set(entry.key, entry);
    return { kind, item: entry.item };
  }

  deleted(object: unknown): ItemChange<Item> | undefined {
    const key = keyOf(object);
    const old = this.#known.get(key);
    if (old === undefined) return undefined;
    this.#known.delete(key);
    return { kind: 'deleted', item: this.#project(object) ?? old.item };
  }
}

function keyOf(object: unknown): string {
  const { namespace, name } = objectOf(objectOf(object)['metadata']);
  return `${textOf(namespace) ?? ''}/${textOf(name) ?? ''}`;
}
