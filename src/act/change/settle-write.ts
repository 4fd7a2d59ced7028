// Finds out what became of a write whose answer was lost: a write is never repeated blindly.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiAnswer } from '../../kube/access/api-client.ts';

export interface UnsettledWrite {
  readonly send: () => Promise<ApiAnswer>;
  /** What stands there now: `landed` with the object, `not-yet` where nothing changed, `other` where someone else wrote. */
  readonly look: () => Promise<
    { readonly found: 'landed'; readonly object: unknown } | { readonly found: 'not-yet' | 'other' }
  >;
}

const MOST_SENDINGS = 3;

/** The answer, or what a look shows instead of a lost one (200, or 409 for another writer). Errors: those of `send` and `look`. */
export async function settleWrite({ send, look }: UnsettledWrite): Promise<ApiAnswer> {
  for (let sending = 1; ; sending += 1) {
    const outcome = await send().catch((error: unknown) => lost(error));
    // etcd may have stored what the API server could not confirm in time.
    if (!('error' in outcome) && outcome.status < 500) return outcome;
    // Reading is patient: it waits for an API server that restarts.
    const now = await look();
    if (now.found === 'landed') return { status: 200, body: now.object };
    if (now.found === 'other') return { status: 409, body: undefined };
    if (sending < MOST_SENDINGS) continue;
    if ('error' in outcome) throw outcome.error;
    return outcome;
  }
}

function lost(error: unknown): { readonly error: PortolanError } {
  if (error instanceof PortolanError && error.code === 'PTL_API_UNREACHABLE') return { error };
  throw error;
}
