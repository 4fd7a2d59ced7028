// Which of the opened files are of which node: a tree of diagnostics has a folder for each.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { DumpInput } from './dump-input.ts';
import type { Opened } from './opened.ts';

/** Names of the nodes that folders name, sorted. */
export function nodesOfInputs(inputs: readonly DumpInput[]): readonly string[] {
  return [...new Set(inputs.flatMap(({ node }) => node ?? []))].toSorted();
}

/** Those of the chosen node, and what is of no node. Errors: PTL_NO_SUCH_NODE; PTL_INPUT_FILE: rules of two nodes joined would be those of neither. */
export function inputsOfNode(opened: Opened, chosen: string | undefined): Opened {
  const { inputs } = opened;
  const nodes = nodesOfInputs(inputs);
  if (chosen !== undefined && nodes.length > 0 && !nodes.includes(chosen))
    throw new PortolanError(
      'PTL_NO_SUCH_NODE',
      `Cannot read node ${chosen}: no file is of it, wanted one of ${someOf(nodes)}`,
      { hint: `portolan diagnose FOLDER --node ${nodes[0] ?? ''}` },
    );
  if (chosen !== undefined)
    return { ...opened, inputs: inputs.filter(({ node }) => node === undefined || node === chosen) };
  if (nodes.length < 2) return opened;
  throw new PortolanError(
    'PTL_INPUT_FILE',
    `Cannot read files of ${nodes.length} nodes as one: ${someOf(nodes)}, wanted those of one node`,
    { hint: `portolan diagnose FOLDER --node ${nodes[0] ?? ''}` },
  );
}

function someOf(nodes: readonly string[]): string {
  return nodes.slice(0, 3).join(', ') + (nodes.length > 3 ? ', ...' : '');
}
