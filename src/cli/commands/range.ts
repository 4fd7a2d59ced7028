// portolan range: the effective natPortRange of a cluster's nodes, with the layer that decides it.
import type { ClusterRange } from '../../core/analysis/cluster-range.ts';
import type { CommandInput } from '../command-spec.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { COULD_NOT_MEASURE, FINE, FOUND } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';

/** @returns 0; 2 when a stored value keeps Felix from reading its configuration; 3 when a node's range is not known. */
export async function runRange(input: CommandInput): Promise<number> {
  const { surroundings, flags } = input;
  const { signal, variables, random, sleep } = surroundings;
  const request = {
    kubeconfig: flags.text('kubeconfig', 'the path of a kubeconfig'),
    context: flags.text('context', 'the name of a context, as "kubectl config get-contexts" lists them'),
    node: flags.text('node', 'the name of a node, as "kubectl get nodes" lists them'),
    asksNodePorts: flags.isSet('askNodePorts'),
  };
  const explain = flags.isSet('explain');
  const paths = flags.operandsLeft();
  if (paths.length > 0) refuseApiFlags(flags);
  flags.finish();
  const { measures, streamStdin: readStdin } = surroundings;
  const cluster = await withProgress(input, (progress) =>
    paths.length > 0
      ? measures.readFilesRange({ paths, node: request.node, readStdin })
      : measures.readClusterRange({ ...request, signal, progress, variables, random, sleep }),
  );
  await printRange(cluster, input, explain);
  return exitCodeOfRange(cluster);
}

/** Flags that say which API server to ask, and what. */
function refuseApiFlags(flags: FlagReader): void {
  for (const [flag, name] of API_FLAGS)
    if (flags.isGiven(flag))
      flags.problem(`Cannot read ${name}: given with files, wanted none: no API server is asked`);
}

const API_FLAGS = [
  ['kubeconfig', '--kubeconfig'],
  ['context', '--context'],
  ['askNodePorts', '--ask-node-ports'],
] as const;

async function printRange(
  cluster: ClusterRange,
  { surroundings: { stdout }, style, format }: CommandInput,
  explain: boolean,
): Promise<void> {
  if (format === 'json' || format === 'yaml') {
    const { clusterRangeDocument } = await import('../../present/cluster-range-document.ts');
    return printDocument(clusterRangeDocument(cluster), format, stdout);
  }
  const { formatClusterRange } = await import('../../present/cluster-range-table.ts');
  stdout.write(formatClusterRange(cluster, { style, explain }));
}

function exitCodeOfRange({ nodes }: ClusterRange): number {
  const kinds = new Set(nodes.map(({ range }) => range.kind));
  if (kinds.has('frozen')) return FOUND;
  return kinds.has('unknown') || kinds.size === 0 ? COULD_NOT_MEASURE : FINE;
}
