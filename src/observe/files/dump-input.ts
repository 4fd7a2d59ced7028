// One file that a person handed over, opened and recognised.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ByteSource } from '../../dumps/byte-source.ts';
import type { DumpKind } from '../../dumps/recognise-dump.ts';
import { textEncoding } from '../../dumps/text-encoding.ts';

export interface DumpInput {
  /** As a person would name it. */
  readonly name: string;
  readonly kinds: readonly DumpKind[];
  readonly source: ByteSource;
  /** When its content was written, wall-clock milliseconds; undefined for a pipe. */
  readonly writtenAt: number | undefined;
  /** Its length, where it is known before it is read. */
  readonly bytes?: number;
  /** The node it is of, where the folder it lies in says so. */
  readonly node?: string;
  readonly close: () => void;
}

/** Rules of the largest clusters are a tenth of this. */
const MOST_TEXT_BYTES = 128 * 2 ** 20;
const CHUNK_BYTES = 2 ** 20;

/** The whole text. Errors: PTL_INPUT_FILE when it is longer than any such text is. */
export function textOfInput({ name, source }: DumpInput): string {
  const chunk = new Uint8Array(CHUNK_BYTES);
  source.rewind();
  const decoder = new TextDecoder(textEncoding(chunk.subarray(0, source.read(chunk, 0))));
  source.rewind();
  const parts: string[] = [];
  let length = 0;
  for (let count = source.read(chunk, 0); count > 0; count = source.read(chunk, 0)) {
    length += count;
    if (length > MOST_TEXT_BYTES)
      throw new PortolanError(
        'PTL_INPUT_FILE',
        `Cannot read ${name}: more than 128 MiB, wanted rules, sockets or settings of one node`,
      );
    parts.push(decoder.decode(chunk.subarray(0, count), { stream: true }));
  }
  return parts.join('') + decoder.decode();
}
