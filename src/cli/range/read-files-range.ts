// The ranges of a cluster's nodes from files that kubectl and calicoctl printed: no API server, no kubeconfig.
import type { ClusterRange } from '../../core/analysis/cluster-range.ts';
import { rangeSourcesOfFiles } from '../../observe/files/range-sources-of-files.ts';
import type { FilesRangeOptions } from '../measures.ts';
import { clusterRangeOf } from './cluster-range-of.ts';

/** Errors: PTL_INPUT_FILE, PTL_UNKNOWN_FILE, PTL_NO_SUCH_NODE. */
export async function readFilesRange({ paths, node, readStdin }: FilesRangeOptions): Promise<ClusterRange> {
  const { sources, gaps } = await rangeSourcesOfFiles({ paths, node, readStdin });
  const range = clusterRangeOf(sources, node);
  return { ...range, gaps: [...gaps, ...range.gaps] };
}
