// States the fields that one manager wants of an object, and no others (server-side apply): what it stated before and leaves out
// now is taken away, a field of someone else is a conflict. What may be stated is decided in src/act.
import type { ApiAnswer, ApiClient, ResourceAccess } from './api-client.ts';

export interface Application {
  /** Of the object, or of its status: `/api/v1/nodes/n1/status`. */
  readonly path: string;
  readonly access: ResourceAccess;
  /** With apiVersion, kind and name. */
  readonly object: object;
  /** Whose fields these are, in managedFields. */
  readonly manager: string;
}

/** Any status is an answer; 409 says that a field belongs to another manager, from whom it is never taken. Errors: those of `send`. */
export function applyObject(
  client: ApiClient,
  { path, access, object, manager }: Application,
  signal: AbortSignal,
): Promise<ApiAnswer> {
  const query = { fieldManager: manager, force: 'false', fieldValidation: 'Strict' };
  return client.send({ path, access, query, body: object, applies: true }, signal);
}
