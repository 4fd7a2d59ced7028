// Under the map: whose the marked ports are, in a line or two.
import type { ClaimInRange } from '../../core/analysis/diagnosis.ts';
import { formatClaimGroup, groupClaims } from '../claim-groups.ts';
import type { Style } from '../style.ts';
import { type FrameLine, lineOf } from './frame-line.ts';

/** One line for those that hurt, one for those that do not; none for none. */
export function claimSummary(claims: readonly ClaimInRange[], { symbols }: Style): readonly FrameLine[] {
  const groups = groupClaims(claims);
  return [true, false].flatMap((isHurting) => {
    const texts = groups.filter(({ hurts }) => hurts === isHurting).map(formatClaimGroup);
    if (texts.length === 0) return [];
    const mark = isHurting ? symbols.map.hurts : symbols.map.harmless;
    const text = `${mark} claimed, ${isHurting ? 'hurts' : 'harmless'}: ${texts.join('; ')}`;
    return [lineOf(text, isHurting ? 'critical' : 'info')];
  });
}
