// Prints a comparison of clusters in the format asked for; each format is imported when it is asked for.
import type { ClusterComparison } from '../../core/analysis/compare/cluster-comparison.ts';
import type { CommandInput } from '../command-spec.ts';
import { printDocument } from '../print-document.ts';
import type { ComparisonPrintOptions } from './print-comparison.ts';

export async function printClusterComparison(
  comparison: ClusterComparison,
  { top, next }: ComparisonPrintOptions,
  { surroundings: { stdout }, style, format }: CommandInput,
): Promise<void> {
  if (format === 'json' || format === 'yaml') {
    const { clusterComparisonDocument } = await import('../../present/comparison/cluster-comparison-document.ts');
    return printDocument(clusterComparisonDocument(comparison, next), format, stdout);
  }
  if (format === 'markdown') {
    const { formatClusterComparisonMarkdown } = await import('../../present/comparison/cluster-comparison-markdown.ts');
    return stdout.write(formatClusterComparisonMarkdown(comparison));
  }
  const { formatClusterComparison } = await import('../../present/comparison/cluster-comparison-table.ts');
  return stdout.write(formatClusterComparison(comparison, { style, top, next }));
}
