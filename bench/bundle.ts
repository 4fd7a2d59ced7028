// npm run bench -- bundle: how small and how fast a bundle of many flows is, and what it costs to redact one.
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Pseudonyms } from '../src/core/redact/pseudonyms.ts';
import { redactNodeFacts } from '../src/core/redact/redact-node-facts.ts';
import type { NodeFacts } from '../src/core/model/node-facts.ts';
import { BundleWriter } from '../src/dumps/bundle/bundle-writer.ts';
import { ALL_NODES } from '../src/dumps/bundle/choose-nodes.ts';
import { readArchive } from '../src/dumps/read-archive.ts';
import { encodeFlowColumns } from '../src/protocol/bundle/flow-columns.ts';
import type { Benchmark, Report } from './benchmark.ts';
import { median } from './benchmark.ts';
import { mixedFlowTable } from './mixed-flow-table.ts';
import { syntheticNode } from './synthetic-node.ts';

/** Columns of one flow in memory. */
const FLOW_BYTES = 22;
const ROUNDS = 5;
/** IBM's and the measure of a large node. */
const BYTES_PER_FLOW = 12;

function write(facts: NodeFacts): Uint8Array {
  const writer = new BundleWriter({ at: facts.at, tool: 'bench', redaction: 'none' });
  writer.addNode(facts);
  return Buffer.concat(writer.finish().pieces);
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

async function read(bytes: Uint8Array): Promise<number> {
  const came = await readArchive(inPieces(bytes), { name: 'bench', form: 'gzip', choose: ALL_NODES });
  return 'bundle' in came ? (came.bundle.nodes[0]?.flows.flowCount ?? 0) : 0;
}

async function timed(task: () => unknown): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await task();
    seconds.push((performance.now() - start) / 1000);
  }
  return median(seconds);
}

async function report(flows: number): Promise<Report> {
  const facts: NodeFacts = { ...syntheticNode({ flows: 0, spaces: 1, busy: 1 }), flows: mixedFlowTable(flows) };
  const count = facts.flows.flowCount;
  const megabytes = (count * FLOW_BYTES) / 1e6;
  const bundle = write(facts);
  const whole = gzipSync(encodeFlowColumns(facts.flows));
  const writing = await timed(() => write(facts));
  const reading = await timed(() => read(bundle));
  const redacting = await timed(() =>
    redactNodeFacts(facts, new Pseudonyms((text) => createHmac('sha256', 'key').update(text).digest())),
  );
  return {
    title: `A bundle of ${count} flows (${megabytes.toFixed(0)} MB of columns)`,
    measures: [
      { what: 'bytes a flow, compressed', value: bundle.length / count, unit: 'B', goal: { atMost: BYTES_PER_FLOW } },
      { what: 'the same with gzip as it comes', value: whole.length / count, unit: 'B' },
      { what: 'written', value: megabytes / writing, unit: 'MB/s', detail: `${(writing * 1000).toFixed(0)} ms` },
      { what: 'read', value: megabytes / reading, unit: 'MB/s', detail: `${(reading * 1000).toFixed(0)} ms` },
      { what: 'redacted', value: redacting * 1000, unit: 'ms', detail: `${facts.flows.addressCount} addresses` },
    ],
  };
}

export const bundleBenchmark: Benchmark = {
  name: 'bundle',
  async *run({ quick }) {
    yield await report(quick ? 100_000 : 1_000_000);
  },
};
