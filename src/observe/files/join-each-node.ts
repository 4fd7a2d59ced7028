// A tree of several nodes, node by node: what is of the cluster is read once, the rest of each when its turn comes.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { VisitNode } from '../../dumps/bundle/bundle.ts';
import type { DumpInput } from './dump-input.ts';
import { inputsOfNode } from './inputs-of-node.ts';
import { having, joinFiles, type JoinFilesOptions } from './join-files.ts';
import type { Opened } from './opened.ts';
import { readFelixLogs } from './read-felix-logs.ts';
import { readKubeDump } from './read-kube-files.ts';

export interface JoinEachOptions extends Pick<JoinFilesOptions, 'at' | 'progress'> {
  /** Two at least. */
  readonly nodes: readonly string[];
  readonly visit: VisitNode;
}

/** Errors: PTL_INPUT_FILE where a file is of one node and nothing says of which. */
export function joinEachNode(opened: Opened, { nodes, visit, at, progress }: JoinEachOptions): void {
  const stray = opened.inputs.find((input) => input.node === undefined && !isOfCluster(input));
  if (stray !== undefined) throw strayFile(stray, nodes);
  const kube = readKubeDump(having(opened.inputs, 'kube'));
  // Logs of pods lie where the pod's namespace is; which node they are of stands in them.
  const logs = readFelixLogs(having(opened.inputs, 'felix-log')).filter(({ host }) => host !== undefined);
  for (const [index, node] of nodes.entries()) {
    progress?.(`node ${node}`, index / nodes.length);
    visit(joinFiles(inputsOfNode(opened, node), { at, node, kube, logs }));
  }
}

function isOfCluster({ kinds }: DumpInput): boolean {
  return kinds.every((kind) => kind === 'kube' || kind === 'felix-log');
}

function strayFile({ name }: DumpInput, nodes: readonly string[]): PortolanError {
  const [first = ''] = nodes;
  return new PortolanError(
    'PTL_INPUT_FILE',
    `Cannot read ${name} for ${nodes.length} nodes: nothing says of which it is, wanted it in a folder nodes/NAME, as nodes/${first}`,
    { hint: `one node, with this file: --node ${first}` },
  );
}
