// The port spaces that got no row, in one phrase.
import type { QuietSpaces } from '../core/analysis/diagnosis.ts';
import { formatInteger } from './number-text.ts';
import { formatShare } from './share-text.ts';

/** `3,118 other port spaces, none above 6 %`. */
export function formatQuiet({ count, highestShare }: QuietSpaces, { areOthers }: { areOthers: boolean }): string {
  const share = highestShare < 0.01 ? 'all below 1 %' : `none above ${formatShare(highestShare)}`;
  return `${formatInteger(count)} ${areOthers ? 'other ' : ''}port space${count === 1 ? '' : 's'}, ${share}`;
}
