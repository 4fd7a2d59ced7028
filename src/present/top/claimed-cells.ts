// Which cells of the port map carry the mark of a claim.
import type { ClaimInRange } from '../../core/analysis/diagnosis.ts';
import type { PortRange } from '../../core/model/port-range.ts';

export type ClaimMark = 'hurts' | 'harmless';

/** Cells at the ends of each claimed stretch: what lies between is left to show how full it is. */
export function claimedCells(claims: readonly ClaimInRange[], size: number): ReadonlyMap<number, ClaimMark> {
  const marks = new Map<number, ClaimMark>();
  for (const { claim, hurts } of mergeClaims(claims))
    for (const port of [claim.first, claim.last]) {
      const cell = Math.floor(port / size);
      if (hurts || !marks.has(cell)) marks.set(cell, hurts ? 'hurts' : 'harmless');
    }
  return marks;
}

interface Stretch {
  readonly claim: PortRange;
  readonly hurts: boolean;
}

/** 2,768 NodePorts side by side are one stretch. */
function mergeClaims(claims: readonly ClaimInRange[]): readonly Stretch[] {
  const merged: Stretch[] = [];
  const inOrder = claims.toSorted((left, right) => left.claim.ports.first - right.claim.ports.first);
  for (const { claim, hurts } of inOrder) {
    const before = merged.findLastIndex((stretch) => stretch.hurts === hurts);
    const last = merged[before];
    if (last === undefined || claim.ports.first > last.claim.last + 1) {
      merged.push({ claim: claim.ports, hurts });
      continue;
    }
    merged[before] = { hurts, claim: { first: last.claim.first, last: Math.max(last.claim.last, claim.ports.last) } };
  }
  return merged;
}
