// The one retry policy for everything asked of an API server: what is worth asking again, and after how long.
import type { ApiAnswer, RetryWorld } from './api-client.ts';

/** How often one request is sent at most. */
export const MOST_ATTEMPTS = 6;
const FIRST_WAIT_MILLISECONDS = 250;
const LONGEST_WAIT_MILLISECONDS = 8000;
/** A server that asks for more patience than this is treated as not there. */
const LONGEST_RETRY_AFTER_MILLISECONDS = 30_000;

/** An API server that restarts, is overloaded or stands behind a proxy that lost it (client-go retries the same). */
const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** Failures of a connection that may be gone a moment later; a wrong certificate or name stays wrong. */
const PASSING_FAILURES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

export function isPassingFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING_FAILURES.has(String(error.code));
}

export interface TransportAnswer extends ApiAnswer {
  /** The header Retry-After in seconds, when it is a number. */
  readonly retryAfterSeconds?: number;
}

/** An answer, or the error instead of one. */
export type Outcome = { readonly answer: TransportAnswer } | { readonly error: unknown };

/** Sends until there is an answer that stays, or the attempts are used up; then the last answer or error stands. */
export async function withRetries(
  attempt: () => Promise<TransportAnswer>,
  { world, signal }: { world: RetryWorld; signal: AbortSignal },
): Promise<TransportAnswer> {
  for (let number = 1; ; number += 1) {
    signal.throwIfAborted();
    const outcome = await attempt().then(
      (answer): Outcome => ({ answer }),
      (error: unknown): Outcome => ({ error }),
    );
    signal.throwIfAborted();
    if (number === MOST_ATTEMPTS || !isPassing(outcome)) {
      if ('error' in outcome) throw outcome.error;
      return outcome.answer;
    }
    await world.sleep(waitOf(outcome, number, world.random), signal);
  }
}

function isPassing(outcome: Outcome): boolean {
  if ('error' in outcome) return isPassingFailure(outcome.error);
  const { status, retryAfterSeconds = 0 } = outcome.answer;
  return PASSING_STATUSES.has(status) && retryAfterSeconds * 1000 <= LONGEST_RETRY_AFTER_MILLISECONDS;
}

function waitOf(outcome: Outcome, attempt: number, random: () => number): number {
  const asked = 'answer' in outcome ? (outcome.answer.retryAfterSeconds ?? 0) * 1000 : 0;
  return asked + waitBefore(attempt, random);
}

/** Milliseconds after failed attempt 1, 2, ...: doubling, half of it by chance, so that many clients do not come back together. */
export function waitBefore(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1));
  return full / 2 + (random() * full) / 2;
}
