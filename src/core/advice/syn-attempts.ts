// A lost SYN is sent again, and every one asks for a port anew: how many attempts a connection makes, and what that does to full ports.
import { TCP } from '../model/protocol.ts';
import type { Load, Situation } from './situation.ts';

/** Clients are taken to give up after 10 s: SYNs at 0, 1, 3 and 7 s, or at 0, 1, 2, 3, 4, 5 and 7 s (tcp_syn_linear_timeouts, 6.5). */
const OLD_ATTEMPTS = 4;
const NEW_ATTEMPTS = 7;

/** Rounds until the chance and the attempts that it causes agree; each comes nearer by a tenth at least. */
const MOST_ROUNDS = 150;

/** SYNs that a client sends before it gives up; a datagram is sent once. */
export function attemptsOf({ load, ports }: Situation): number {
  if (load.protocol !== TCP) return 1;
  return ports.behaviour.evictsClosing === 'yes' ? NEW_ATTEMPTS : OLD_ATTEMPTS;
}

/** Attempts per connection, 1 or more, when each is lost with `drop`. */
export function attemptsPerFlow(drop: number, attempts: number): number {
  let [total, chance] = [0, 1];
  for (let sent = 0; sent < attempts; sent += 1) {
    total += chance;
    chance *= drop;
  }
  return total;
}

/**
 * Chance that an attempt is lost where lost ones come again: the least that agrees with the attempts it causes.
 *
 * @param dropAt The chance at so many attempts per connection; must not fall when those rise.
 */
export function dropWithRetries(dropAt: (perFlow: number) => number, attempts: number): number {
  let drop = dropAt(1);
  for (let round = 0; round < MOST_ROUNDS && attempts > 1; round += 1) {
    const next = dropAt(attemptsPerFlow(drop, attempts));
    if (next <= drop * (1 + 1e-6)) return Math.max(drop, next);
    drop = next;
  }
  return drop;
}

/** Connections asked for when so many got through and so many SYNs or datagrams were lost. */
export function askedPerSecond(
  { opened, lost }: { readonly opened: number; readonly lost: number },
  { protocol }: Pick<Load, 'protocol'>,
): number {
  if (protocol !== TCP || lost <= 0) return opened + lost;
  const drop = lost / (opened + lost);
  return opened / Math.max(1 - drop ** OLD_ATTEMPTS, 1e-3);
}
