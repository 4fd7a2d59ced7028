// Remembers for a little while what was decided, so that a scrape every few seconds does not ask the API server each time.
import { createHash } from 'node:crypto';
import type { AuthorizationRequest, Authorizer, Decision } from './authorizer.ts';

/** As long as kube-rbac-proxy and the kubelet do by default, or less: a revoked right ends soon. */
const ALLOWED_MILLISECONDS = 60_000;
const REFUSED_MILLISECONDS = 10_000;
/** Whoever tries tokens at random pushes out answers, not memory. */
const MOST_DECISIONS = 1000;

interface Remembered {
  readonly decision: Decision;
  readonly until: number;
}

/** Asks once for each token and path; tokens are kept as hashes only. */
export class RememberedDecisions implements Authorizer {
  readonly #authorizer: Authorizer;
  readonly #now: () => number;
  readonly #known = new Map<string, Remembered>();

  /** `now`: monotonic milliseconds. */
  constructor(authorizer: Authorizer, now: () => number) {
    this.#authorizer = authorizer;
    this.#now = now;
  }

  async decide(request: AuthorizationRequest, signal: AbortSignal): Promise<Decision> {
    if (request.token === undefined) return 'unauthenticated';
    const key = createHash('sha256').update(`${request.verb} ${request.path} ${request.token}`).digest('base64');
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.#now()) return known.decision;
    const decision = await this.#authorizer.decide(request, signal);
    if (decision !== 'unavailable') this.#remember(key, decision);
    return decision;
  }

  #remember(key: string, decision: Decision): void {
    const lasts = decision === 'allowed' ? ALLOWED_MILLISECONDS : REFUSED_MILLISECONDS;
    this.#known.delete(key);
    this.#known.set(key, { decision, until: this.#now() + lasts });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_DECISIONS && oldest !== undefined) this.#known.delete(oldest);
  }
}
