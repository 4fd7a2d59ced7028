// portolan compare: read two looks at a node or at the nodes of a cluster, diagnose both, say what became better or worse.
import type { Trend } from '../../core/analysis/compare/comparison.ts';
import { shellWord } from '../../core/advice/shell-word.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE, FOUND } from '../exit-code.ts';
import { printClusterComparison } from '../compare/print-cluster-comparison.ts';
import { printComparison } from '../compare/print-comparison.ts';
import { withProgress } from '../progress-line.ts';

const ROWS = 10;
const MOST_ROWS = 10_000;
const WANTED = 'a bundle, file, archive or folder';

/** @returns 0 not worse, 2 worse, 3 that cannot be told. Errors: PTL_USAGE and those of reading files. */
export async function runCompare(input: CommandInput): Promise<number> {
  const request = readRequest(input);
  const { top } = request;
  const compared = await withProgress(input, (progress) => compareFiles(input, { ...request, progress }));
  if ('comparison' in compared) {
    const { comparison } = compared;
    await printComparison(comparison, { top, next: nextOf(request, request.node) }, input);
    return exitCodeOf(comparison.trend);
  }
  const { clusters } = compared;
  const worst = clusters.nodes.find(({ trend }) => trend !== 'same')?.node;
  const next = worst === undefined ? nextOf(request, undefined) : comparisonOf(request, worst);
  await printClusterComparison(clusters, { top, next }, input);
  return exitCodeOf(clusters.trend);
}

type CompareRequest = ReturnType<typeof readRequest>;

function readRequest({ flags }: CommandInput) {
  const request = {
    before: flags.operand('BEFORE', WANTED),
    after: flags.operand('AFTER', WANTED),
    node: flags.text('node', 'the name of a node'),
    top: flags.count('top', { fallback: ROWS, most: MOST_ROWS }),
  };
  if (request.before === '-' && request.after === '-')
    flags.problem('Cannot read AFTER: - given twice, wanted stdin for one of them');
  flags.finish();
  return request;
}

function compareFiles(
  input: CommandInput,
  { before, after, node, progress }: CompareRequest & { readonly progress: (step: string, share: number) => void },
) {
  const { measures, signal, wallClock, streamStdin: readStdin } = input.surroundings;
  const ofNode = node === undefined ? {} : { node };
  const files = (path: string) => ({ paths: [path], at: wallClock(), readStdin, signal, progress, ...ofNode });
  return measures.compareFiles(files(before), files(after));
}

function nextOf({ after }: CompareRequest, node: string | undefined): string {
  return `portolan diagnose ${wordOf(after)}${node === undefined ? '' : ` --node ${shellWord(node)}`}`;
}

/** A node of two clusters in full. */
function comparisonOf({ before, after }: CompareRequest, node: string): string {
  return `portolan compare ${wordOf(before)} ${wordOf(after)} --node ${shellWord(node)}`;
}

function wordOf(path: string): string {
  return path === '-' ? 'FILE' : shellWord(path);
}

function exitCodeOf(trend: Trend): number {
  if (trend === 'worse') return FOUND;
  return trend === 'unclear' ? COULD_NOT_MEASURE : FINE;
}
