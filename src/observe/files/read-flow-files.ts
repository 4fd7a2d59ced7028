// Flows from all files that hold conntrack entries, into one table.
import type { FlowTable } from '../../core/model/flow-table.ts';
import type { Gap } from '../../core/model/gap.ts';
import { conntrackLine, parseCiliumNat } from '../../dumps/cilium/parse-cilium-nat.ts';
import { FlowTextReader } from '../../dumps/flows/flow-text-reader.ts';
import { NO_FLOWS, unreadLines } from './dump-gaps.ts';
import { textOfInput } from './dump-input.ts';
import type { DumpInput } from './dump-input.ts';

export interface FilesFlows {
  readonly table: FlowTable;
  /** Canonical text of the addresses that flows are translated to. */
  readonly snatAddresses: readonly string[];
  readonly gaps: readonly Gap[];
}

const CHUNK_BYTES = 2 ** 18;
/** The last line of one file and the first of the next are two. */
const BETWEEN = new Uint8Array([0x0a]);

export interface ReadFlowOptions {
  /** The node's own; where they are not known those that flows are translated to stand for them. */
  readonly addresses: readonly string[];
  /** Has the flows of pipes already. */
  readonly piped?: FlowTextReader | undefined;
}

/** A reader of one node's flows, whose own `addresses` these are. `expectedBytes`: of all that it will be given. */
export function flowReaderFor(addresses: readonly string[], expectedBytes = 0): FlowTextReader {
  return new FlowTextReader({ expectedBytes, ...(addresses.length === 0 ? {} : { localAddresses: addresses }) });
}

export function readFlowFiles(inputs: readonly DumpInput[], { addresses, piped }: ReadFlowOptions): FilesFlows {
  const bytes = inputs.reduce((sum, input) => sum + (input.bytes ?? 0), 0);
  const reader = piped ?? flowReaderFor(addresses, bytes);
  for (const [index, input] of inputs.entries()) {
    if (index > 0) reader.write(BETWEEN);
    if (input.kinds.includes('flows')) writeInto(reader, input);
  }
  const unread = inputs.flatMap((input) => (isCilium(input) ? writeCilium(reader, input) : []));
  const { value: table, gaps } = reader.end();
  return {
    table,
    snatAddresses: snatAddressesOf(table),
    gaps: inputs.length === 0 ? [NO_FLOWS] : [...unread, ...gaps],
  };
}

function isCilium({ kinds }: DumpInput): boolean {
  return kinds.includes('cilium-nat');
}

/** Cilium's mappings hold ports as entries of conntrack do. */
function writeCilium(reader: FlowTextReader, input: DumpInput): Gap[] {
  const { mappings, unread } = parseCiliumNat(textOfInput(input));
  const encoder = new TextEncoder();
  reader.write(BETWEEN);
  for (const mapping of mappings) reader.write(encoder.encode(conntrackLine(mapping)));
  return unread === 0 ? [] : [unreadLines(input.name, `${unread} of Cilium's entries not understood`)];
}

function writeInto(reader: FlowTextReader, { source }: DumpInput): void {
  source.rewind();
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let count = source.read(chunk, 0); count > 0; count = source.read(chunk, 0))
    reader.write(chunk.subarray(0, count));
}

function snatAddressesOf(table: FlowTable): readonly string[] {
  const rows = new Set(table.portSpaces.snatAddress.subarray(0, table.portSpaceCount));
  return [...rows].map((row) => table.address(row));
}
