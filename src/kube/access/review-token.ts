// Asks the API server who the bearer of a token is, and whether they may do something to a path that is no resource.
import type { ApiClient, ApiRequest } from './api-client.ts';
import { ask } from './refusal.ts';

/** Who a token belongs to. */
export interface TokenBearer {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

export interface PathAccess {
  /** nonResourceURLs of an RBAC rule: `/metrics`. */
  readonly path: string;
  readonly verb: string;
}

/** Undefined when the token is nobody's. Errors: PTL_API_*. */
export async function reviewToken(
  client: ApiClient,
  token: string,
  { signal, audiences }: { readonly signal: AbortSignal; readonly audiences?: readonly string[] },
): Promise<TokenBearer | undefined> {
  const path = '/apis/authentication.k8s.io/v1/tokenreviews';
  const spec = audiences === undefined ? { token } : { token, audiences };
  const request: ApiRequest = {
    path,
    access: { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' },
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec },
  };
  const status = statusOf(await ask(client, request, signal));
  return status['authenticated'] === true ? bearerOf(status['user']) : undefined;
}

/** Whether the bearer may; no rule that says so is a no. Errors: PTL_API_*. */
export async function reviewAccess(
  client: ApiClient,
  bearer: TokenBearer,
  { access, signal }: { readonly access: PathAccess; readonly signal: AbortSignal },
): Promise<boolean> {
  const request: ApiRequest = {
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    access: { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' },
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: bearer.username,
        groups: bearer.groups,
        ...(bearer.uid === undefined ? {} : { uid: bearer.uid }),
        nonResourceAttributes: { path: access.path, verb: access.verb },
      },
    },
  };
  const status = statusOf(await ask(client, request, signal));
  return status['allowed'] === true && status['denied'] !== true;
}

function statusOf(body: unknown): Record<string, unknown> {
  return fieldsOf(fieldsOf(body)['status']);
}

function bearerOf(user: unknown): TokenBearer | undefined {
  const { username, uid, groups } = fieldsOf(user);
  if (typeof username !== 'string' || username === '') return undefined;
  const names = Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [];
  return { username, groups: names, ...(typeof uid === 'string' && uid !== '' ? { uid } : {}) };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
