// Which nodes of a bundle a person means.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodePart } from '../../protocol/bundle/bundle-manifest.ts';
import type { ChooseNodes } from './bundle.ts';

const NAMES_SHOWN = 8;

export const ALL_NODES: ChooseNodes = ({ nodes }) => nodes;

/** The named node; the only one when none is named. `name`: what the bundle is called. Errors: PTL_BUNDLE, PTL_NO_SUCH_NODE. */
export function oneNode(node: string | undefined, name: string): ChooseNodes {
  return ({ nodes }) => {
    const found = node === undefined ? nodes : nodes.filter((part) => part.node === node);
    if (found.length === 1) return found;
    if (node !== undefined)
      throw new PortolanError(
        'PTL_NO_SUCH_NODE',
        `Cannot read ${name}: no node ${node} in it, wanted ${namesOf(nodes)}`,
      );
    const [first] = nodes;
    throw new PortolanError(
      'PTL_BUNDLE',
      `Cannot read ${name}: ${nodes.length} nodes in it, wanted one${nodes.length > 1 ? `: ${namesOf(nodes)}` : ''}`,
      first === undefined ? {} : { hint: `name it: --node ${first.node}` },
    );
  };
}

function namesOf(nodes: readonly NodePart[]): string {
  const names = nodes.slice(0, NAMES_SHOWN).map(({ node }) => node);
  return nodes.length > names.length
    ? `${names.join(', ')} and ${nodes.length - names.length} others`
    : names.join(', ');
}
