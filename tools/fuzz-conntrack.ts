// npm run fuzz [-- SECONDS [SEED]]: feeds the conntrack decoders mutated messages and text for a bounded time. Ends with the
// first input that throws, hangs a loop or reads differently on the fast path and by the walk; the seed replays it.
import { readFileSync } from 'node:fs';
import { ConntrackEntry } from '../src/core/model/conntrack-entry.ts';
import { FlowTableBuilder } from '../src/core/model/flow-table-builder.ts';
import { PortHolders } from '../src/core/model/port-holders.ts';
import { DumpReader } from '../src/kernel/conntrack/dump-reader.ts';
import { EntryDecoder } from '../src/kernel/conntrack/entry-decoder.ts';
import { LineSplitter } from '../src/kernel/procfs/proc-flows.ts';
import { Mutator } from './mutator.ts';

const seconds = Number(process.argv[2] ?? 5);
const seed = Number(process.argv[3] ?? 1);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error(`Cannot fuzz: ${process.argv.slice(2).join(' ')}, wanted SECONDS above 0 and a whole SEED`);
  process.exit(1);
}

const HEADER_BYTES = 20;
const corpus = readFileSync('test/corpora/conntrack/entries.hex', 'latin1')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => Uint8Array.from(Buffer.from(line, 'hex')));
const text = readFileSync('test/corpora/conntrack/proc.txt');

const mutator = new Mutator(seed);

function fail(what: string, input: Uint8Array): never {
  console.error(`seed ${seed}: ${what}: ${Buffer.from(input).toString('hex')}`);
  process.exit(1);
}

const veteranBytes = new Uint8Array(65_536);
const veteranEntry = new ConntrackEntry();
const veteran = new EntryDecoder(veteranBytes, veteranEntry);
const noviceBytes = new Uint8Array(65_536);
const noviceEntry = new ConntrackEntry();

function sameOnBothPaths(message: Uint8Array): void {
  if (message.length < HEADER_BYTES) return;
  veteranBytes.set(message);
  noviceBytes.set(message);
  veteranEntry.addresses.fill(0);
  noviceEntry.addresses.fill(0);
  const left = veteran.decode(HEADER_BYTES, message.length);
  const right = new EntryDecoder(noviceBytes, noviceEntry).decode(HEADER_BYTES, message.length);
  if (left !== right) fail('one path finds an entry', message);
  if (left && JSON.stringify(veteranEntry) !== JSON.stringify(noviceEntry)) fail('the paths differ', message);
}

function newHolders(): PortHolders {
  return new PortHolders(new FlowTableBuilder(), { localAddresses: ['192.0.2.10', '2001:db8::10'] });
}

function readDatagram(datagram: Uint8Array): void {
  const reader = new DumpReader(newHolders());
  reader.bytes.set(datagram);
  reader.read(datagram.length);
}

function readText(bytes: Uint8Array): void {
  let given = 0;
  new LineSplitter(newHolders()).readAll((into, offset) => {
    const part = bytes.subarray(given, given + Math.min(1 + mutator.random(400), into.length - offset));
    into.set(part, offset);
    given += part.length;
    return part.length;
  });
}

const deadline = performance.now() + seconds * 1000;
let inputs = 0;
for (; performance.now() < deadline; inputs += 1) {
  const message = mutator.mutated(corpus[mutator.random(corpus.length)] ?? new Uint8Array(0));
  const lines = mutator.mutated(text);
  try {
    sameOnBothPaths(message);
    readDatagram(mutator.mutated(Uint8Array.from([...message, ...(corpus[mutator.random(corpus.length)] ?? [])])));
    if (inputs % 8 === 0) readText(lines);
  } catch (error) {
    fail(error instanceof Error ? (error.stack ?? error.message) : String(error), message);
  }
}
console.log(
  `${inputs} inputs in ${seconds} s from seed ${seed}: nothing thrown, both paths agree (${veteran.learnt} layouts learnt)`,
);
