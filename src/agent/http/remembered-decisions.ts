// Remembers for a little while what was decided, so that a scrape every few seconds does not ask the API server each time.
import { createHash } from 'node:crypto';
import type { AuthorizationRequest, Authorizer, Decision } from './authorizer.ts';

/** As long as kube-rbac-proxy and the kubelet do by default, or less: a revoked right ends soon. */
const ALLOWED_MILLISECONDS = 60_000;
const REFUSED_MILLISECONDS = 10_000;
/**
 * For so long a yes stands while nobody can be asked: metrics are wanted most when the control plane is away. No longer than a token of a
 * service account lives (3607 s from the kubelet), so that it outlives no token by much.
 */
const ALONE_MILLISECONDS = 3_600_000;
/** Not for what somebody asks by hand, with a token of minutes, and sees whole flows by. */
const ALONE_PATH = '/metrics';
/** Whoever tries tokens at random pushes out answers, not memory. */
const MOST_DECISIONS = 1000;

interface Remembered {
  readonly decision: Decision;
  readonly until: number;
  readonly decidedAt: number;
}

/** Asks once for each token and path; tokens are kept as hashes only. */
export class RememberedDecisions implements Authorizer {
  readonly #authorizer: Authorizer;
  readonly #now: () => number;
  readonly #known = new Map<string, Remembered>();
  readonly #asking = new Map<string, Promise<Decision>>();
  /** Of what is known: about what the last question had no answer. */
  readonly #alone = new Set<string>();

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
    const asking = this.#ask(key, request, signal);
    // A server that does not even refuse takes half a minute to give up on: nobody scrapes for so long.
    if (this.#alone.has(key) && this.#standsAlone(known, request)) {
      asking.catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      return 'allowed';
    }
    const decision = await asking;
    return decision === 'unavailable' && this.#standsAlone(known, request) ? 'allowed' : decision;
  }

  /** One question at a time for each token and path. */
  #ask(key: string, request: AuthorizationRequest, signal: AbortSignal): Promise<Decision> {
    const under = this.#asking.get(key);
    if (under !== undefined) return under;
    const asking = this.#authorizer
      .decide(request, signal)
      .then((decision) => this.#note(key, decision))
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  #note(key: string, decision: Decision): Decision {
    if (decision !== 'unavailable') this.#remember(key, decision);
    else if (this.#known.has(key)) this.#alone.add(key);
    return decision;
  }

  #standsAlone(known: Remembered | undefined, { path }: AuthorizationRequest): boolean {
    return path === ALONE_PATH && known?.decision === 'allowed' && this.#now() - known.decidedAt < ALONE_MILLISECONDS;
  }

  #remember(key: string, decision: Decision): void {
    const lasts = decision === 'allowed' ? ALLOWED_MILLISECONDS : REFUSED_MILLISECONDS;
    this.#alone.delete(key);
    this.#known.delete(key);
    this.#known.set(key, { decision, until: this.#now() + lasts, decidedAt: this.#now() });
    const [oldest] = this.#known.keys();
    if (this.#known.size <= MOST_DECISIONS || oldest === undefined) return;
    this.#known.delete(oldest);
    this.#alone.delete(oldest);
  }
}
