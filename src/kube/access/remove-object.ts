// The one way in which an object is removed from a cluster: that very object at that very version, or not at all. What may be
// removed is decided in src/act.
import type { ApiAnswer, ApiClient, ResourceAccess } from './api-client.ts';

export interface Removal {
  readonly path: string;
  readonly access: ResourceAccess;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Any status is an answer; 409 says that it is another object, or was changed since it was read. Errors: those of `send`. */
export function removeObject(
  client: ApiClient,
  { path, access, uid, resourceVersion }: Removal,
  signal: AbortSignal,
): Promise<ApiAnswer> {
  if (uid === '' || resourceVersion === '')
    throw new TypeError(`Cannot remove ${path}: no uid or resource version, wanted those of the read object`);
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } };
  return client.send({ path, access, body, removes: true }, signal);
}
