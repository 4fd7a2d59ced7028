// Claims inside the range over many nodes: the same port of the same owner is one line, with how many nodes have it.
import { formatRange } from '../model/port-range.ts';
import type { ClaimInRange } from './diagnosis.ts';

export interface ClusterClaim extends ClaimInRange {
  /** How many nodes have it inside their range. */
  readonly nodes: number;
}

/** Nodes come one at a time; what they share is kept once. */
export class ClaimTally {
  readonly #claims = new Map<string, { readonly claim: ClaimInRange; nodes: number }>();

  add(claims: readonly ClaimInRange[]): void {
    for (const claim of claims) {
      const { kind, protocol, ports, owner, address } = claim.claim;
      // A socket bound to an address of the node is another text on each node.
      const key = `${kind} ${protocol} ${formatRange(ports)} ${owner} ${claim.hurts} ${kind === 'listener' ? '' : (address ?? '')}`;
      const known = this.#claims.get(key);
      if (known === undefined) this.#claims.set(key, { claim, nodes: 1 });
      else known.nodes += 1;
    }
  }

  /** Those that hurt first, then those of most nodes. */
  claims(): readonly ClusterClaim[] {
    return [...this.#claims.values()]
      .map(({ claim, nodes }) => ({ ...claim, nodes }))
      .toSorted(
        (left, right) =>
          Number(right.hurts) - Number(left.hurts) ||
          right.nodes - left.nodes ||
          left.claim.ports.first - right.claim.ports.first,
      );
  }
}
