// Lets the API server of the cluster decide: TokenReview says who asks, SubjectAccessReview whether they may.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiClient } from '../../kube/access/api-client.ts';
import { reviewAccess, reviewToken } from '../../kube/access/review-token.ts';
import type { AuthorizationRequest, Authorizer, Decision } from './authorizer.ts';

export interface ApiServerAuthorizerOptions {
  /** Tokens that were made for this audience count like those for the API server. */
  readonly audience?: string;
  readonly onRefusal: (why: string) => void;
}

export function apiServerAuthorizer(
  client: ApiClient,
  { audience, onRefusal }: ApiServerAuthorizerOptions,
): Authorizer {
  return {
    decide: async (request, signal) => {
      try {
        return await decide(client, { ...request, audience }, signal);
      } catch (error) {
        if (!(error instanceof PortolanError)) throw error;
        onRefusal(error.message);
        return 'unavailable';
      }
    },
  };
}

async function decide(
  client: ApiClient,
  { token, path, verb, audience }: AuthorizationRequest & { readonly audience: string | undefined },
  signal: AbortSignal,
): Promise<Decision> {
  if (token === undefined) return 'unauthenticated';
  // Without audiences the API server takes its own, which nobody else knows: hence two questions, not one with both.
  const bearer =
    (await reviewToken(client, token, { signal })) ??
    (audience === undefined ? undefined : await reviewToken(client, token, { signal, audiences: [audience] }));
  if (bearer === undefined) return 'unauthenticated';
  return (await reviewAccess(client, bearer, { access: { path, verb }, signal })) ? 'allowed' : 'forbidden';
}
