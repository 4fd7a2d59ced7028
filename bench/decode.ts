// What this program's own part of a dump costs per entry: one real dump is recorded and its datagrams are shown to the reader
// again and again. No kernel in it, and CPU time, so that what else runs on the machine hardly shows.
import { type Benchmark, type Measure, type Report, median } from './benchmark.ts';
import { NODE_ADDRESS } from './flow-mix.ts';
import { type RecordedDump, recordDump } from './recorded-dump.ts';
import { FlowTableBuilder } from '../src/core/model/flow-table-builder.ts';
import { type EntrySelection, PortHolders } from '../src/core/model/port-holders.ts';
import { DumpReader } from '../src/kernel/conntrack/dump-reader.ts';
import { RECEIVE_BYTES } from '../src/kernel/netlink/netlink-socket.ts';

/** Fits under the usual nf_conntrack_max. */
const ENTRIES = 200_000;
const ROUNDS = 25;
const LOCAL = [[24, 16, 8, 0].map((shift) => (NODE_ADDRESS >>> shift) & 0xff).join('.')];

export const decodeBenchmark: Benchmark = {
  name: 'decode',
  async *run({ quick }): AsyncIterable<Report> {
    const dump = await recordDump(quick ? ENTRIES / 4 : ENTRIES);
    const title = `decode: ${dump.entries.toLocaleString('en')} recorded entries, medians of ${ROUNDS} replays`;
    yield { title, measures: measuresOf(dump) };
  },
};

function measuresOf(dump: RecordedDump): readonly Measure[] {
  // The kernel leaves its datagram in the cache; here a copy does, and its cost is taken off.
  const buffer = new Uint8Array(RECEIVE_BYTES);
  const copy = median(rounds(dump, () => copyAll(dump, buffer)));
  const [first = Number.NaN, ...all] = rounds(dump, () => replay(dump, buffer));
  const snat = rounds(dump, () => replay(dump, buffer, 'snat'));
  return [
    {
      what: 'all entries to a table, ns of CPU an entry',
      value: median(all) - copy,
      unit: 'ns',
      goal: { atMost: 110 },
      detail: `least ${(Math.min(...all) - copy).toFixed(1)}; copying, taken off: ${copy.toFixed(1)}`,
    },
    { what: 'the same, first time in the process', value: first - copy, unit: 'ns' },
    { what: 'SNATed entries only, the others shown as well', value: median(snat) - copy, unit: 'ns' },
  ];
}

/** Nanoseconds of CPU an entry, for each round. */
function rounds(dump: RecordedDump, work: () => void): readonly number[] {
  return Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return ((user + system) * 1000) / dump.entries;
  });
}

function copyAll({ datagrams }: RecordedDump, into: Uint8Array): void {
  for (const datagram of datagrams) into.set(datagram);
}

function replay({ entries, datagrams }: RecordedDump, bytes: Uint8Array, only?: EntrySelection): void {
  const builder = new FlowTableBuilder(entries);
  const holders = new PortHolders(builder, { localAddresses: LOCAL, only });
  const reader = new DumpReader(holders, bytes);
  for (const datagram of datagrams) {
    bytes.set(datagram);
    reader.read(datagram.length);
  }
  const kept = builder.build().flowCount;
  if (reader.messages !== entries || kept === 0)
    throw new Error(`Cannot replay: ${reader.messages} of ${entries} read`);
}
