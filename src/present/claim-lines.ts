// Who else claims ports of the range, as it fits on a screen: what hurts one by one, what is harmless in three lines at most.
import type { ClaimInRange } from '../core/analysis/diagnosis.ts';
import { formatClaimGroup, groupClaims, type ClaimGroup } from './claim-groups.ts';
import type { Line } from './line.ts';
import { formatInteger } from './number-text.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const HARMLESS_LINES = 3;

/** Claims that hurt come first and are never cut. */
export function claimLines(claims: readonly ClaimInRange[], style: Style): Line[] {
  if (claims.length === 0) return [];
  const groups = groupClaims(claims);
  const hurting = groups.filter((group) => group.hurts);
  const harmless = groups.filter((group) => !group.hurts);
  return [
    { text: 'Claimed by others inside the range:' },
    ...hurting.flatMap((group) =>
      marked(
        wrapMarked(`${formatClaimGroup(group)}: ${withEffect('hurts', group.truth)}`, 'warning', style),
        'warning',
      ),
    ),
    ...marked(harmlessTexts(harmless, style), 'ok'),
  ];
}

/** As many groups as fit; the explanation in full when one holds for all, else where to find it. */
function harmlessTexts(groups: readonly ClaimGroup[], style: Style): string[] {
  for (let shown = groups.length; shown > 0; shown -= 1) {
    for (const explanation of explanations(groups)) {
      const rest = groups.slice(shown).reduce((count, group) => count + group.claims.length, 0);
      const more = rest === 0 ? [] : [`${formatInteger(rest)} more`];
      const names = [...groups.slice(0, shown).map(formatClaimGroup), ...more].join(', ');
      const texts = wrapMarked(`${names}: ${explanation}`, 'ok', style);
      if (texts.length <= HARMLESS_LINES || shown === 1) return texts;
    }
  }
  return [];
}

function explanations(groups: readonly ClaimGroup[]): string[] {
  const truths = [...new Set(groups.map(({ truth }) => withEffect('harmless', truth)))];
  const pointer = 'harmless here (why, and what would be an exception: --explain)';
  return truths.length === 1 ? [...truths, pointer] : [pointer];
}

function withEffect(effect: string, truth: string): string {
  return truth.startsWith(effect) ? truth : `${effect}${truth === '' ? '' : `: ${truth}`}`;
}

function wrapMarked(text: string, mark: 'ok' | 'warning', style: Style): string[] {
  return wrapText(text, { width: style.width, first: `  ${style.symbols[mark]} `, indent: 4 });
}

function marked(texts: readonly string[], tone: 'ok' | 'warning'): Line[] {
  return texts.map((text, index) => (index === 0 ? { text, tone, tonedCharacters: 3 } : { text }));
}
