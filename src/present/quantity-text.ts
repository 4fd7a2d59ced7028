// The numbers a finding carries, each with its name and unit: `used ports 32,101`, `drop probability 1 in 22`.
import type { Finding, Quantity } from '../core/analysis/finding.ts';
import { formatSeconds } from './duration-text.ts';
import { formatNumber, formatRate } from './number-text.ts';
import { oneInN } from './one-in-n.ts';
import { formatInteger } from './number-text.ts';
import { formatShare } from './share-text.ts';

/** The value with its unit; a counted thing that the name already says is not said again. */
export function formatQuantity(key: string, { value, unit }: Quantity): string {
  switch (unit) {
    case 'probability':
      return oneInN(value);
    case 'share':
      return formatShare(value);
    case 's':
      return formatSeconds(value);
    case '1/s':
      return formatRate(value);
    case 'port':
      return String(value);
    default:
      return countText(key, { value, unit });
  }
}

function countText(key: string, { value, unit }: Pick<Quantity, 'value' | 'unit'>): string {
  const number = Number.isInteger(value) ? formatInteger(value) : formatNumber(value);
  return unit === '' || quantityName(key).split(' ').includes(unit) ? number : `${number} ${unit}`;
}

/** `usedPorts` as words: `used ports`. */
export function quantityName(key: string): string {
  return key
    .replace(/(?:PerSecond|Seconds)$/, '')
    .replace(/([a-z])([A-Z])/g, (_, left: string, right: string) => `${left} ${right.toLowerCase()}`);
}

/** All numbers of a finding on one line, in the order the check gave them. */
export function formatQuantities(finding: Finding): string {
  return Object.entries(finding.numbers)
    .map(([key, quantity]) => `${quantityName(key)} ${formatQuantity(key, quantity)}`)
    .join(', ');
}

/** The sentence with its numbers behind it, before the full stop. */
export function sentenceWithNumbers(finding: Finding): string {
  const numbers = formatQuantities(finding);
  if (numbers === '') return finding.sentence;
  return `${finding.sentence.replace(/\.$/, '')} (${numbers})${finding.sentence.endsWith('.') ? '.' : ''}`;
}
