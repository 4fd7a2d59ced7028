// Stores an object that is not there yet. What may be made is decided in src/act.
import type { ApiAnswer, ApiClient, ResourceAccess } from './api-client.ts';

export interface Creation {
  /** Of the kind: `/apis/crd.projectcalico.org/v1/felixconfigurations`. */
  readonly path: string;
  readonly access: ResourceAccess;
  readonly object: object;
  /** True: the server judges and stores nothing. */
  readonly isTrial: boolean;
  /** Under which name the API server notes it in managedFields; the program's own without it. */
  readonly manager?: string;
}

/** Any status is an answer; 409 says that an object of that name is there. Errors: those of `send`. */
export function createObject(
  client: ApiClient,
  { path, access, object, isTrial, manager }: Creation,
  signal: AbortSignal,
): Promise<ApiAnswer> {
  const query = {
    fieldValidation: 'Strict',
    ...(isTrial ? { dryRun: 'All' } : {}),
    ...(manager === undefined ? {} : { fieldManager: manager }),
  };
  return client.send({ path, access, query, body: object }, signal);
}
