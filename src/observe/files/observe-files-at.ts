// The node that an address is of, among those that files hold.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { FlowTable } from '../../core/model/flow-table.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { type ObserveFilesOptions, surveyFiles } from './observe-files.ts';

/** `address` in canonical text. Errors: those of observeFiles, PTL_NO_SUCH_NODE. */
export async function observeFilesAt(address: string, options: ObserveFilesOptions): Promise<NodeFacts> {
  let found: NodeFacts | undefined;
  let isLeftWith = false;
  let nodes = 0;
  const read = await surveyFiles(options, (facts) => {
    nodes += 1;
    // Addresses of bridges are the same on every node: the node whose flows leave with it is meant.
    if (!isLeftWith && leavesWith(facts.flows, address)) [found, isLeftWith] = [facts, true];
    else if (found === undefined && facts.addresses.includes(address)) found = facts;
  });
  if ('facts' in read) return read.facts;
  if (found !== undefined) return found;
  throw new PortolanError(
    'PTL_NO_SUCH_NODE',
    `Cannot find the node of ${address} in ${read.several.name}: ${nodes} nodes, none with that address, wanted an address of a node`,
    { hint: 'the nodes and their addresses: portolan diagnose FILE -o wide' },
  );
}

function leavesWith(flows: FlowTable, address: string): boolean {
  const used = new Set(flows.portSpaces.snatAddress.subarray(0, flows.portSpaceCount));
  return [...used].some((row) => flows.address(row) === address);
}
