// npm run fuzz:bundle [-- SECONDS [SEED]]: feeds the reader of archives and bundles mutated ones for a bounded time. Ends with the
// first input that throws something else than a refusal, or reads differently in pieces; the seed replays it.
import { gunzipSync, gzipSync } from 'node:zlib';
import { diagnose } from '../src/core/analysis/diagnose.ts';
import { PortolanError } from '../src/core/errors/portolan-error.ts';
import { BundleWriter } from '../src/dumps/bundle/bundle-writer.ts';
import { ALL_NODES } from '../src/dumps/bundle/choose-nodes.ts';
import { TAR_END, tarEntryBytes } from '../src/dumps/bundle/tar-entry-bytes.ts';
import { ARCHIVE_LIMITS } from '../src/dumps/archive/archive-limits.ts';
import { readArchive } from '../src/dumps/read-archive.ts';
import { decodeFlowColumns, encodeFlowColumns } from '../src/protocol/bundle/flow-columns.ts';
import { parseNodeFacts } from '../src/protocol/bundle/parse-bundle.ts';
import { nodeFactsJson } from '../src/protocol/bundle/write-json.ts';
import { MANIFEST_PATH } from '../src/protocol/bundle/bundle-manifest.ts';
import { syntheticNode } from '../bench/synthetic-node.ts';
import { Mutator } from './mutator.ts';

const seconds = Number(process.argv[2] ?? 5);
const seed = Number(process.argv[3] ?? 1);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error(`Cannot fuzz: ${process.argv.slice(2).join(' ')}, wanted SECONDS above 0 and a whole SEED`);
  process.exit(1);
}

const mutator = new Mutator(seed);
const LIMITS = { ...ARCHIVE_LIMITS, inflatedBytes: 2 ** 24, keptBytes: 2 ** 22, ratioFromBytes: 2 ** 22 };
const FLOW =
  'tcp 6 99 ESTABLISHED src=10.0.0.5 dst=203.0.113.9 sport=1105 dport=443 src=203.0.113.9 dst=192.0.2.10 sport=443 dport=40105\n';

function bundle(): Uint8Array {
  const writer = new BundleWriter({ at: '2026-11-22T00:00:00Z', tool: 'portolan 0.0.0', redaction: 'none' });
  writer.addNode(syntheticNode({ flows: 300, spaces: 9, busy: 2, newPerSecond: 20 }));
  return Buffer.concat(writer.finish().pieces);
}

const tar = gunzipSync(bundle());
const COLUMNS = encodeFlowColumns(syntheticNode({ flows: 100, spaces: 5, busy: 2 }).flows);
const FACTS = syntheticNode({ flows: 100, spaces: 5, busy: 2, newPerSecond: 20 });
const FACTS_TEXT = new TextEncoder().encode(nodeFactsJson(FACTS));
const members = ['a/flows.txt', 'b/other.txt'].map((path, index) =>
  tarEntryBytes({ path, content: new TextEncoder().encode(index === 0 ? FLOW.repeat(40) : 'hello'), modifiedAt: 1 }),
);
/** The tar, its first blocks, its manifest where one is, an archive of others. */
const CORPUS: readonly Uint8Array[] = [tar, Buffer.concat([...members, TAR_END])];

/** Whole blocks moved or repeated, so that headers stay right: order, duplicates and missing parts. */
function shuffled(input: Uint8Array): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(input.length / 512) }, (_, at) =>
    input.subarray(at * 512, at * 512 + 512),
  );
  const from = mutator.random(blocks.length);
  const moved = blocks.splice(from, 1 + mutator.random(4));
  blocks.splice(mutator.random(blocks.length + 1), 0, ...moved, ...(mutator.random(3) === 0 ? moved : []));
  return Buffer.concat(blocks);
}

/** A manifest that is JSON still, with a number, word or bracket changed. */
function withManifest(input: Uint8Array): Uint8Array {
  const text = Buffer.from(input).toString('latin1');
  const start = text.indexOf('{', text.indexOf(MANIFEST_PATH));
  const digits = [...text.slice(start, start + 1500).matchAll(/\d+|[a-f]{3,}/g)];
  const hit = digits[mutator.random(Math.max(1, digits.length))];
  if (hit === undefined) return input;
  const changed = Buffer.from(input);
  changed.write(String(mutator.random(10)), start + hit.index);
  return changed;
}

async function* inPieces(bytes: Uint8Array, size: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const step = size();
    yield bytes.subarray(at, at + step);
    at += step;
  }
}

/** What came of it, for comparing. */
async function read(bytes: Uint8Array, form: 'gzip' | 'tar', size: () => number): Promise<string> {
  try {
    const came = await readArchive(inPieces(bytes, size), { name: 'x', form, choose: ALL_NODES, limits: LIMITS });
    if ('bundle' in came) return `bundle ${came.bundle.nodes.map(({ flows }) => flows.flowCount).join()}`;
    const { members: known, passedOver, unknown } = came.content;
    return `${known.length} known, ${passedOver.length} passed over, ${unknown} unknown`;
  } catch (error) {
    if (error instanceof PortolanError) return `${error.code} ${error.message}`;
    throw error;
  }
}

/** Facts that are read can be diagnosed, whatever they say. */
function diagnoseChanged(): void {
  const text = new TextDecoder().decode(withDigits(mutator.random(3) === 0 ? mutator.mutated(FACTS_TEXT) : FACTS_TEXT));
  try {
    diagnose({ ...parseNodeFacts(text, 'x'), flows: FACTS.flows });
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
  }
}

/** JSON that is JSON still, with a digit changed. */
function withDigits(text: Uint8Array): Uint8Array {
  const changed = text.slice();
  for (let change = 0; change < 3; change += 1) {
    const at = mutator.random(changed.length);
    const byte = changed[at] ?? 0;
    if (byte >= 0x30 && byte <= 0x39) changed[at] = 0x30 + mutator.random(10);
  }
  return changed;
}

async function check(): Promise<string | undefined> {
  const plain = CORPUS[mutator.random(CORPUS.length)] ?? tar;
  const change = mutator.random(4);
  const changed = change === 0 ? shuffled(plain) : change === 1 ? withManifest(plain) : mutator.mutated(plain);
  const form = mutator.random(2) === 0 ? 'gzip' : 'tar';
  const packed = form === 'tar' ? changed : gzipSync(changed, { level: 1 });
  const input = mutator.random(4) === 0 ? mutator.mutated(packed) : packed;
  try {
    const whole = await read(input, form, () => Math.max(1, input.length));
    const pieces = await read(input, form, () => 1 + mutator.random(2000));
    decodeFlowColumns(mutator.mutated(COLUMNS));
    // Costs a hundred times as much as the rest.
    if (mutator.random(50) === 0) diagnoseChanged();
    // A damaged stream may give its last bytes or not before it fails, as its pieces fall.
    return whole === pieces || whole.startsWith('PTL_') ? undefined : `"${whole}" whole, "${pieces}" in pieces`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

const deadline = performance.now() + seconds * 1000;
let inputs = 0;
for (; performance.now() < deadline; inputs += 1) {
  const problem = await check();
  if (problem === undefined) continue;
  console.error(`seed ${seed}, input ${inputs}: ${problem}`);
  process.exit(1);
}
console.log(
  `${inputs} archives in ${seconds} s from seed ${seed}: each read or refused, the same in pieces of any size`,
);
