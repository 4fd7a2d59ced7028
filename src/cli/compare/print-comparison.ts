// Prints a comparison in the format asked for; each format is imported when it is asked for.
import type { Comparison } from '../../core/analysis/compare/comparison.ts';
import type { CommandInput } from '../command-spec.ts';
import { printDocument } from '../print-document.ts';

export interface ComparisonPrintOptions {
  readonly top: number;
  /** The next command worth typing. */
  readonly next: string;
}

export async function printComparison(
  comparison: Comparison,
  { top, next }: ComparisonPrintOptions,
  { surroundings: { stdout }, style, format }: CommandInput,
): Promise<void> {
  if (format === 'json' || format === 'yaml') {
    const { comparisonDocument } = await import('../../present/comparison/comparison-document.ts');
    return printDocument(comparisonDocument(comparison, next), format, stdout);
  }
  if (format === 'markdown') {
    const { formatComparisonMarkdown } = await import('../../present/comparison/comparison-markdown.ts');
    return stdout.write(formatComparisonMarkdown(comparison));
  }
  const { formatComparison } = await import('../../present/comparison/comparison-table.ts');
  return stdout.write(formatComparison(comparison, { style, top, next }));
}
