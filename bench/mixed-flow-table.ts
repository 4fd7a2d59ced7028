// The flows of flow-mix.ts as a reader's columns: rows in the order of a hash table, ids and times as a kernel gives them.
import { seededRandom } from '../src/core/alloc/seeded-random.ts';
import { ASSURED, REMOTE_CLOSED_FIRST, SEEN_REPLY, SRC_NAT } from '../src/core/model/flow-status.ts';
import { FlowTableBuilder, newFlowValues } from '../src/core/model/flow-table-builder.ts';
import type { FlowTable } from '../src/core/model/flow-table.ts';
import { newPortSpaceKey } from '../src/core/model/port-space-table.ts';
import { ESTABLISHED, TIME_WAIT } from '../src/core/model/tcp-state.ts';
import { flowMix, type MixFlow, NODE_ADDRESS } from './flow-mix.ts';

const FIRST_EPHEMERAL = 32_768;
const EPHEMERALS = 28_232;
/** Seven of ten entries of the mix are SNATed: those are in a table. */
const SNAT_SHARE = 0.7;

/** Half of them closing; those that live were last heard of some minutes ago, as a busy connection is. */
export function mixedFlowTable(flows: number): FlowTable {
  const random = seededRandom(7);
  const mix = [...flowMix(Math.ceil(flows / SNAT_SHARE))].filter(({ snatPort }) => snatPort !== undefined);
  shuffle(mix, random);
  const builder = new FlowTableBuilder(mix.length);
  const [key, values] = [newPortSpaceKey(), newFlowValues()];
  const rowOf = (address: number): number => builder.addresses.rowOfIpv4(networkOrder(address));
  for (const flow of mix) {
    key.protocol = flow.protocol;
    key.snatAddress = rowOf(NODE_ADDRESS);
    key.remoteAddress = rowOf(flow.destination);
    key.remotePort = flow.destinationPort;
    const isClosing = random() < 0.5;
    values.source = rowOf(flow.source);
    values.id = Math.floor(random() * 2 ** 32);
    values.port = flow.snatPort ?? 0;
    values.sourcePort = FIRST_EPHEMERAL + Math.floor(random() * EPHEMERALS);
    values.tcpState = isClosing ? TIME_WAIT : ESTABLISHED;
    values.status = SRC_NAT | SEEN_REPLY | ASSURED | (isClosing && random() < 0.3 ? REMOTE_CLOSED_FIRST : 0);
    values.timeoutSeconds = isClosing ? Math.floor(random() * 120) : 432_000 + Math.ceil(Math.log(1 - random()) * 300);
    builder.add(key, values);
  }
  return builder.build();
}

function shuffle(flows: MixFlow[], random: () => number): void {
  for (let last = flows.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [left, right] = [flows[last], flows[other]];
    if (left !== undefined && right !== undefined) [flows[last], flows[other]] = [right, left];
  }
}

/** As the word lies in memory. */
function networkOrder(address: number): number {
  const bytes = Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
  return new Int32Array(bytes.buffer)[0] ?? 0;
}
