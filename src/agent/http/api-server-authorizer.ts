// Lets the API server of the cluster decide: TokenReview says who asks, SubjectAccessReview whether they may.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiClient } from '../../kube/access/api-client.ts';
import { reviewAccess, reviewToken } from '../../kube/access/review-token.ts';
import type { AuthorizationRequest, Authorizer, Decision } from './authorizer.ts';

export function apiServerAuthorizer(client: ApiClient, onRefusal: (why: string) => void): Authorizer {
  return {
    decide: async (request, signal) => {
      try {
        return await decide(client, request, signal);
      } catch (error) {
        if (!(error instanceof PortolanError)) throw error;
        onRefusal(error.message);
        return 'unavailable';
      }
    },
  };
}

async function decide(client: ApiClient, request: AuthorizationRequest, signal: AbortSignal): Promise<Decision> {
  const { token, path, verb } = request;
  if (token === undefined) return 'unauthenticated';
  const bearer = await reviewToken(client, token, { signal });
  if (bearer === undefined) return 'unauthenticated';
  return (await reviewAccess(client, bearer, { access: { path, verb }, signal })) ? 'allowed' : 'forbidden';
}
