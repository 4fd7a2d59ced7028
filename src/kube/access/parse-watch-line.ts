// One line of a watch: an event of Kubernetes, or what cannot be one.
import { decoded, numberOf, objectOf, statusMessage, textOf } from '../../core/kube-objects/parse-object.ts';

/** etcd compacted the version that the watch would go on from: the list begins anew. */
const GONE = 410;

export type WatchLine =
  | { readonly kind: 'changed' | 'deleted'; readonly object: unknown; readonly version: string }
  /** Nothing changed, but the watch has come this far. */
  | { readonly kind: 'bookmark'; readonly version: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'failed'; readonly why: string };

const KINDS: ReadonlyMap<unknown, 'changed' | 'deleted' | 'bookmark'> = new Map([
  ['ADDED', 'changed'],
  ['MODIFIED', 'changed'],
  ['DELETED', 'deleted'],
  ['BOOKMARK', 'bookmark'],
]);

export function parseWatchLine(line: string): WatchLine {
  const { type, object } = objectOf(decoded(line));
  if (type === 'ERROR') {
    if (numberOf(objectOf(object)['code']) === GONE) return { kind: 'expired' };
    return { kind: 'failed', why: statusMessage(object) ?? 'an error without a reason' };
  }
  const kind = KINDS.get(type);
  const version = textOf(objectOf(objectOf(object)['metadata'])['resourceVersion']) ?? '';
  if (kind === undefined || version === '')
    return { kind: 'failed', why: `a line that is no event: ${line.slice(0, 80)}` };
  return kind === 'bookmark' ? { kind, version } : { kind, object, version };
}
