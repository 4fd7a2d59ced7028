// Stdin, or a pipe such as `<(conntrack -L)`: it comes once. Its head tells what it is; flows and archives are then read as they come,
// any other text is kept.
import { archiveForm } from '../../dumps/archive/archive-form.ts';
import { PackedBytes } from '../../dumps/archive/packed-bytes.ts';
import type { FlowTextReader } from '../../dumps/flows/flow-text-reader.ts';
import { type Recognised, recogniseDump } from '../../dumps/recognise-dump.ts';
import { openArchive } from './open-archive.ts';
import { HEAD_BYTES, type InputOptions, only, type Opened, type Problem, unknown, unreadable } from './opened.ts';

/** Text that is kept in memory. */
export const MOST_KEPT_BYTES = 256 * 2 ** 20;

export interface Pipe {
  readonly name: string;
  readonly head: Uint8Array;
  readonly known: Recognised;
  /** All of it, once. */
  readonly chunks: () => AsyncGenerator<Uint8Array>;
  /** Ends the reading: whoever writes is told. */
  readonly leave: () => Promise<void>;
}

/** Reads as much as tells what it is. */
export async function beginPipe(name: string, bytes: AsyncIterable<Uint8Array>): Promise<Pipe> {
  const iterator = bytes[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  let isOver = false;
  while (!isOver && length < HEAD_BYTES) {
    const { done = false, value } = await iterator.next();
    isOver = done;
    if (done) break;
    parts.push(value);
    length += value.length;
    // Only archives have a NUL: a device of random bytes need not be read to its end.
    if (value.includes(0) && archiveForm(value) === undefined) break;
  }
  const head = Buffer.concat(parts).subarray(0, HEAD_BYTES);
  return {
    name,
    head,
    known: recogniseDump(head, name),
    chunks: async function* () {
      // Let go of one by one: nothing but the reader holds them.
      for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
      if (!isOver) yield* { [Symbol.asyncIterator]: () => iterator };
    },
    leave: async () => {
      if (!isOver) await iterator.return?.();
    },
  };
}

/** Whether it is a table of flows and nothing else. */
export function isFlows({ head, known }: Pipe): boolean {
  return archiveForm(head) === undefined && 'kinds' in known && known.kinds.join() === 'flows';
}

/** An archive is read, a text kept. Errors: those of archives. */
export async function openPipe(pipe: Pipe, options: InputOptions): Promise<Opened | Problem> {
  const { name, head } = pipe;
  const form = archiveForm(head);
  if (typeof form === 'string')
    return openArchive(inPieces(pipe.chunks()), { name, form, writtenAt: undefined, options });
  const known = form ?? pipe.known;
  if ('refused' in known) {
    await pipe.leave();
    return unknown(name, known.refused);
  }
  const kept = new PackedBytes();
  for await (const part of pipe.chunks()) {
    kept.add(part);
    if (kept.length > MOST_KEPT_BYTES) return unreadable(name, 'more than 256 MiB through a pipe');
  }
  return only({ name, kinds: known.kinds, source: kept.source(), writtenAt: undefined, close: () => {} });
}

/** Hands the flows over as they come; what is left to read of it is nothing. */
export async function pourFlows(pipe: Pipe, reader: FlowTextReader): Promise<Opened> {
  for await (const part of pipe.chunks()) reader.write(part);
  reader.write(LINE_FEED);
  return only({
    name: pipe.name,
    kinds: ['flows'],
    source: new PackedBytes().source(),
    writtenAt: undefined,
    close: () => {},
  });
}

/** The last line of one text and the first of the next are two. */
const LINE_FEED = new Uint8Array([0x0a]);

/** Small enough that decompression never gets far ahead of what it was given. */
async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of chunks)
    for (let at = 0; at < bytes.length; at += HEAD_BYTES) yield bytes.subarray(at, at + HEAD_BYTES);
}
