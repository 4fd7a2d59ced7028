// Who may ask the agent what. Liveness is for everyone; all else needs a yes from here, unless the agent listens on loopback alone.

/** `unavailable`: whoever decides cannot be reached, which is no yes. */
export type Decision = 'allowed' | 'unauthenticated' | 'forbidden' | 'unavailable';

export interface AuthorizationRequest {
  /** The bearer token; undefined when there is none. */
  readonly token: string | undefined;
  /** `/metrics`: what an RBAC rule names as nonResourceURLs. */
  readonly path: string;
  /** `get`. */
  readonly verb: string;
}

export interface Authorizer {
  decide(request: AuthorizationRequest, signal: AbortSignal): Promise<Decision>;
}

/** Everyone may: on loopback. */
export const OPEN: Authorizer = { decide: () => Promise.resolve('allowed') };

/** The token of an Authorization header; undefined when it is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,16384})$/i.exec(header ?? '')?.[1];
}
