// The numbers a finding carries, each with its name and unit: `used ports 32,101`, `drop probability 1 in 22`.
import type { Finding, Quantity } from '../core/analysis/finding.ts';
import { formatSeconds } from './duration-text.ts';
import { formatInteger, formatNumber, formatRate } from './number-text.ts';
import { oneInN } from './one-in-n.ts';
import { formatShare } from './share-text.ts';

/** One number with its unit. */
export function formatQuantity({ value, unit }: Quantity): string {
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
    case 'ports':
    case 'packets':
    case 'entries':
      return formatInteger(value);
    default:
      return `${formatNumber(value)}${unit === '' ? '' : ` ${unit}`}`;
  }
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
    .map(([key, quantity]) => `${quantityName(key)} ${formatQuantity(quantity)}`)
    .join(', ');
}
