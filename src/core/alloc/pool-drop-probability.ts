// The chance that the next flow finds no port where a rule spreads flows over several parts or addresses, exact from their bitmaps.
import type { PortSet } from '../model/port-set.ts';
import { dropProbability } from './drop-probability.ts';
import type { PoolPart } from './capacity/port-pool.ts';
import type { PortSearch } from './port-search.ts';

/** One part as it is held now. Parts of one address share its sets; each address has its own. */
export interface HeldPart extends PoolPart {
  readonly occupied: PortSet;
  readonly evictable: PortSet;
}

/** Everything that flows to one remote may be given. */
export interface HeldPool extends Pick<PortSearch, 'protocol' | 'behaviour'> {
  readonly parts: readonly HeldPart[];
}

/**
 * Chance that the next SYN or datagram is dropped, 0..1: each part's own, weighted by its share, since a flow that meets a full
 * part gets no other.
 *
 * The shares are those of a choice made anew for each flow (numgen random). Where an address is chosen by hash, a pair of source
 * and remote meets one address only, and that part alone says what it suffers.
 */
export function poolDropProbability({ parts, protocol, behaviour }: HeldPool): number {
  return parts.reduce((sum, { share, ...part }) => sum + share * dropProbability({ ...part, protocol, behaviour }), 0);
}
