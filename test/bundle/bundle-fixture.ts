// Bundles in memory for the tests: written as the program writes them, read as it reads them.
import { BundleWriter } from '../../src/dumps/bundle/bundle-writer.ts';
import { ALL_NODES } from '../../src/dumps/bundle/choose-nodes.ts';
import type { Bundle, ChooseNodes } from '../../src/dumps/bundle/bundle.ts';
import { readArchive } from '../../src/dumps/read-archive.ts';
import type { ClusterFacts } from '../../src/core/model/cluster-facts.ts';
import { FlowTable } from '../../src/core/model/flow-table.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';

export const AT = '2026-11-22T15:04:05.678Z';

export function bundleBytes(nodes: readonly NodeFacts[], cluster?: ClusterFacts): Uint8Array {
  const writer = new BundleWriter({ at: AT, tool: 'portolan 0.0.0', redaction: 'none' });
  for (const facts of nodes) writer.addNode(facts);
  if (cluster !== undefined) writer.addCluster(cluster);
  return Buffer.concat(writer.finish().pieces);
}

/** In pieces of any size. */
export async function* inPieces(bytes: Uint8Array, size = 4096): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function readBundle(bytes: Uint8Array, choose: ChooseNodes = ALL_NODES): Promise<Bundle> {
  const read = await readArchive(inPieces(bytes), { name: 'x.tgz', form: 'gzip', choose });
  if (!('bundle' in read)) throw new Error('not taken for a bundle');
  return read.bundle;
}

/** The same facts with columns cut to their counts: capacity beyond them is nobody's business. */
export function trimmed(facts: NodeFacts): NodeFacts {
  return { ...facts, flows: trimmedTable(facts.flows) };
}

export function trimmedTable(table: FlowTable): FlowTable {
  const cut = <Columns extends object>(columns: Columns, count: number): Columns =>
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, (column as Uint8Array).slice(0, count)]),
    ) as Columns;
  const { flowCount, portSpaceCount, addressCount } = table;
  return new FlowTable({
    flowCount,
    portSpaceCount,
    addressCount,
    flows: cut(table.flows, table.flowCount),
    portSpaces: cut(table.portSpaces, table.portSpaceCount),
    addresses: table.addresses.slice(0, table.addressCount * 16),
  });
}
