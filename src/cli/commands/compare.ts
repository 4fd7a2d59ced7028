// portolan compare: read two looks at a node, diagnose both, say what became better or worse.
import type { Comparison } from '../../core/analysis/compare/comparison.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE, FOUND } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';
import { shellWord } from '../../core/advice/shell-word.ts';

const ROWS = 10;
const MOST_ROWS = 10_000;
const WANTED = 'a bundle, file, archive or folder';

/** @returns 0 not worse, 2 worse, 3 that cannot be told. Errors: PTL_USAGE and those of reading files. */
export async function runCompare(input: CommandInput): Promise<number> {
  const { flags } = input;
  const paths = { before: flags.operand('BEFORE', WANTED), after: flags.operand('AFTER', WANTED) };
  const node = flags.text('node', 'the name of a node');
  const top = flags.count('top', { fallback: ROWS, most: MOST_ROWS });
  if (paths.before === '-' && paths.after === '-')
    flags.problem('Cannot read AFTER: - given twice, wanted stdin for one of them');
  flags.finish();
  const { measures } = input.surroundings;
  const before = await lookOf(paths.before, node, input);
  const after = await lookOf(paths.after, node, input);
  const comparison = await measures.compare(before, after);
  await printComparison(comparison, { top, next: nextOf(paths.after, node) }, input);
  return exitCodeOf(comparison);
}

async function lookOf(path: string, node: string | undefined, input: CommandInput) {
  const { measures, signal, wallClock, readStdin } = input.surroundings;
  const facts = await withProgress(input, (progress) =>
    measures.observeFiles({
      paths: [path],
      at: wallClock(),
      readStdin,
      signal,
      progress,
      ...(node === undefined ? {} : { node }),
    }),
  );
  return { facts, diagnosis: await measures.diagnose(facts) };
}

function nextOf(path: string, node: string | undefined): string {
  return `portolan diagnose ${path === '-' ? 'FILE' : shellWord(path)}${node === undefined ? '' : ` --node ${shellWord(node)}`}`;
}

async function printComparison(
  comparison: Comparison,
  { top, next }: { readonly top: number; readonly next: string },
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

function exitCodeOf({ trend }: Comparison): number {
  if (trend === 'worse') return FOUND;
  return trend === 'unclear' ? COULD_NOT_MEASURE : FINE;
}
