// The one way in which an object stored in a cluster is changed: put an object in the place of the version that was read.
// Someone who wrote in between wins, and nothing is written twice. What may be written is decided in src/act.
import type { ApiAnswer, ApiClient, ResourceAccess } from './api-client.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';

export interface Replacement {
  /** Of the object: `/apis/crd.projectcalico.org/v1/felixconfigurations/default`. */
  readonly path: string;
  readonly access: ResourceAccess;
  /** The whole object, with the resource version that was read. */
  readonly object: object;
  /** True: the server judges and stores nothing. */
  readonly isTrial: boolean;
  /** Under which name the API server notes the change in managedFields; the program's own without it. */
  readonly manager?: string;
}

/**
 * Any status is an answer; 409 says that the object was changed since it was read. Fields that the cluster does not know
 * are refused instead of dropped in silence. Errors: those of `send`.
 */
export function replaceObject(
  client: ApiClient,
  { path, access, object, isTrial, manager }: Replacement,
  signal: AbortSignal,
): Promise<ApiAnswer> {
  const version = textOf(objectOf(objectOf(object)['metadata'])['resourceVersion']) ?? '';
  if (version === '')
    throw new TypeError(`Cannot replace ${path}: no resource version, wanted that of the read object`);
  const query = {
    fieldValidation: 'Strict',
    ...(isTrial ? { dryRun: 'All' } : {}),
    ...(manager === undefined ? {} : { fieldManager: manager }),
  };
  return client.send({ path, access, query, body: object, replaces: true }, signal);
}
