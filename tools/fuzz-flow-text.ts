// npm run fuzz:text [-- SECONDS [SEED]]: feeds the readers of conntrack text mutated texts for a bounded time. Ends with the first
// input that throws, reads differently in chunks, or gives a table that contradicts itself; the seed replays it.
import { readFileSync, readdirSync } from 'node:fs';
import type { FlowTable } from '../src/core/model/flow-table.ts';
import { readCounterText } from '../src/dumps/flows/counter-text.ts';
import { recogniseFlowText } from '../src/dumps/flows/flow-text-kind.ts';
import { FlowTextReader, type FlowTextReading } from '../src/dumps/flows/flow-text-reader.ts';
import { Mutator } from './mutator.ts';

const FOLDER = 'test/corpora/flow-text';

const seconds = Number(process.argv[2] ?? 5);
const seed = Number(process.argv[3] ?? 1);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error(`Cannot fuzz: ${process.argv.slice(2).join(' ')}, wanted SECONDS above 0 and a whole SEED`);
  process.exit(1);
}

const mutator = new Mutator(seed);
const corpus = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => readFileSync(`${FOLDER}/${name}`));

function read(bytes: Uint8Array, size: () => number): FlowTextReading {
  const reader = new FlowTextReader({ localAddresses: ['192.0.2.10', '2001:db8::10'] });
  for (let at = 0; at < bytes.length; ) {
    const step = size();
    reader.write(bytes.subarray(at, at + step));
    at += step;
  }
  return reader.end();
}

/** All that a table says, for comparing. */
function digest({ value, counts, seen, gaps }: FlowTextReading): string {
  const { flows, flowCount } = value;
  const columns = Object.values(flows).map((column) => column.subarray(0, flowCount).join());
  const spaces = Array.from({ length: value.portSpaceCount }, (_, row) => value.portSpace(row));
  return JSON.stringify([columns, spaces, counts, seen, gaps]);
}

function contradiction(table: FlowTable): string | undefined {
  let flows = 0;
  for (let row = 0; row < table.portSpaceCount; row += 1) flows += table.portSpaces.flows[row] ?? 0;
  return flows === table.flowCount ? undefined : `port spaces hold ${flows} flows of ${table.flowCount}`;
}

function check(input: Uint8Array): string | undefined {
  try {
    const whole = read(input, () => input.length);
    if (digest(whole) !== digest(read(input, () => 1 + mutator.random(400)))) return 'chunks read differently';
    recogniseFlowText(input);
    readCounterText(Buffer.from(input).toString('latin1'));
    return contradiction(whole.value);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

const deadline = performance.now() + seconds * 1000;
let inputs = 0;
for (; performance.now() < deadline; inputs += 1) {
  const text = corpus[mutator.random(corpus.length)] ?? new Uint8Array(0);
  const start = mutator.random(text.length);
  const input = mutator.mutated(text.subarray(start, start + 1 + mutator.random(4000)));
  const problem = check(input);
  if (problem === undefined) continue;
  console.error(`seed ${seed}: ${problem}: ${Buffer.from(input).toString('hex')}`);
  process.exit(1);
}
console.log(`${inputs} texts in ${seconds} s from seed ${seed}: nothing thrown, the same table in chunks of any size`);
