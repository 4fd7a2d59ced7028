// The bytes behind a .gz, as a stream that ends before it can exhaust anything.
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { archiveError } from './archive-error.ts';
import type { ArchiveLimits } from './archive-limits.ts';

export interface InflateOptions {
  /** What the file is called in messages. */
  readonly name: string;
  readonly limits: ArchiveLimits;
}

const CHUNK_BYTES = 2 ** 18;
const MEBIBYTE = 2 ** 20;

/** Errors: PTL_ARCHIVE. */
export async function* inflate(
  compressed: AsyncIterable<Uint8Array>,
  options: InflateOptions,
): AsyncGenerator<Uint8Array> {
  const meter = new Meter(options);
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors come out of the loop below: pipeline hands them to the stream that is read.
  pipeline(Readable.from(meter.counting(compressed)), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) {
      if (!(chunk instanceof Uint8Array)) continue;
      meter.check(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof PortolanError ? error : archiveError(options.name, reasonOf(error), error);
  } finally {
    gunzip.destroy();
  }
}

class Meter {
  readonly #options: InflateOptions;
  #compressed = 0;
  #inflated = 0;

  constructor(options: InflateOptions) {
    this.#options = options;
  }

  async *counting(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of compressed) {
      this.#compressed += chunk.length;
      yield chunk;
    }
  }

  check(bytes: number): void {
    this.#inflated += bytes;
    const { inflatedBytes, ratio, ratioFromBytes } = this.#options.limits;
    if (this.#inflated > inflatedBytes)
      throw archiveError(this.#options.name, `more than ${Math.round(inflatedBytes / MEBIBYTE)} MiB in it`);
    // What was handed in may still wait in a buffer: the ratio is at least this.
    if (this.#inflated > ratioFromBytes && this.#inflated > ratio * this.#compressed)
      throw archiveError(this.#options.name, `it inflates to more than ${ratio} times its size`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return 'it ends too early';
  if (code === 'Z_DATA_ERROR' || code === 'Z_NEED_DICT') return 'its gzip data are damaged';
  return error instanceof Error ? error.message : String(error);
}
