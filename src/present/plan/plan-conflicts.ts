// Whose ports come to lie inside the range by a remedy, said once per kind: a node may have thousands of NodePorts.
import type { OpenedConflict } from '../../core/advice/plan.ts';
import { type ClaimGroup, formatClaimGroup, groupClaims } from '../claim-groups.ts';
import { formatInteger } from '../number-text.ts';
import { hitText } from './plan-words.ts';

const SOURCES_SHOWN = 3;

/** What a person must know before choosing: who hurts is named, who is harmless is counted. */
export function conflictNotes(conflicts: readonly OpenedConflict[]): string[] {
  const hurting = conflicts.filter(({ hurts }) => hurts);
  const harmless = conflicts.filter((conflict) => !conflict.hurts && !isNodePortClass(conflict)).length;
  const named = groupClaims(hurting).map(
    (group) => `conflict: ${formatClaimGroup(group)}: ${hitBy(group, hurting)}: ${group.truth}`,
  );
  if (harmless === 0) return named;
  return [
    ...named,
    `${harmless === 1 ? '1 port' : `${formatInteger(harmless)} ports`} of others inside it: harmless here`,
  ];
}

/** All NodePorts that there may be, taken or not: whether they are harmless is what the remedy's risk says, not a count. */
function isNodePortClass({ claim }: OpenedConflict): boolean {
  return claim.kind === 'node-port' && claim.ports.first < claim.ports.last;
}

/** Each kind with the truth about it and where it was seen. */
export function conflictSentences(conflicts: readonly OpenedConflict[]): string[] {
  return groupClaims(conflicts).map((group) => {
    const effect = group.hurts ? 'hurts' : 'harmless';
    const says = group.truth.startsWith(effect) ? group.truth : `${effect}: ${group.truth}`;
    const chance = group.hurts ? `; ${hitBy(group, conflicts)}` : '';
    return `inside the range then: ${formatClaimGroup(group)}: ${says}${chance} (seen in ${sourcesOf(group)})`;
  });
}

function hitBy(group: ClaimGroup, conflicts: readonly OpenedConflict[]): string {
  const members = new Set(group.claims);
  const chance = conflicts.reduce((sum, conflict) => sum + (members.has(conflict.claim) ? conflict.chance : 0), 0);
  return hitText(group.claims[0]?.protocol ?? 0, Math.min(1, chance));
}

function sourcesOf({ claims }: ClaimGroup): string {
  const sources = [...new Set(claims.map(({ source }) => source))];
  const rest = sources.length - SOURCES_SHOWN;
  return `${sources.slice(0, SOURCES_SHOWN).join(', ')}${rest > 0 ? ` and ${formatInteger(rest)} more` : ''}`;
}
