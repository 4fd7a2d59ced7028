// Takes a tar apart as its bytes come, in pieces of any size; nothing of it is kept but a header.
import { archiveError } from './archive-error.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import { parsePaxRecords } from './parse-pax-records.ts';
import { BLOCK_BYTES, parseTarHeader, type TarHeader } from './parse-tar-header.ts';
import { tarEntry, type TarEntry } from './tar-entry.ts';

export interface TarVisitor {
  /** Called for each entry that is no folder. @returns whether its content is wanted; never asked for a refused one. */
  readonly entry: (entry: TarEntry) => boolean;
  /** A piece of the wanted content; the bytes are overwritten later. */
  readonly content: (piece: Uint8Array) => void;
  /** The wanted content is whole. */
  readonly end: () => void;
}

export interface TarReaderOptions {
  /** What the archive is called in messages. */
  readonly name: string;
  readonly limits: ArchiveLimits;
}

/** Longest content of a header about the next entry: a path and some times. */
const MOST_META_BYTES = 64 * 1024;
/** pax header, GNU long name; a global pax header and a long link name say nothing that is needed. */
const ABOUT_NEXT = new Set(['x', 'L']);
const PASSED_OVER = new Set(['g', 'K']);

type Part = 'header' | 'meta' | 'content' | 'skipped' | 'padding' | 'over';

export class TarReader {
  readonly #visitor: TarVisitor;
  readonly #options: TarReaderOptions;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #filled = 0;
  #part: Part = 'header';
  /** Bytes of the present part that are still to come. */
  #left = BLOCK_BYTES;
  #padding = 0;
  #meta = new Uint8Array(0);
  #metaType = '';
  #nextPath: string | undefined;
  #nextBytes: number | undefined;
  #entries = 0;
  #at = 0;

  constructor(visitor: TarVisitor, options: TarReaderOptions) {
    this.#visitor = visitor;
    this.#options = options;
  }

  /** Errors: PTL_ARCHIVE. */
  write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && this.#part !== 'over'; ) {
      const piece = chunk.subarray(at, at + this.#left);
      this.#take(piece);
      at += piece.length;
      this.#at += piece.length;
      this.#left -= piece.length;
      if (this.#left === 0) this.#turn();
    }
  }

  /** Errors: PTL_ARCHIVE when it ends inside an entry. */
  end(): void {
    if (this.#part === 'over' || (this.#part === 'header' && this.#filled === 0)) return;
    throw this.#error(`it ends too early, after ${this.#entries} entries`);
  }

  #take(piece: Uint8Array): void {
    if (this.#part === 'header') {
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
    } else if (this.#part === 'meta') {
      this.#meta.set(piece, this.#meta.length - this.#left);
    } else if (this.#part === 'content') {
      this.#visitor.content(piece);
    }
  }

  /** The present part is whole. */
  #turn(): void {
    switch (this.#part) {
      case 'header':
        return this.#readHeader();
      case 'meta':
        this.#readMeta();
        return this.#pad();
      case 'content':
        this.#visitor.end();
        return this.#pad();
      case 'skipped':
        return this.#pad();
      case 'padding':
      case 'over':
        return this.#begin('header', BLOCK_BYTES);
    }
  }

  #begin(part: Part, bytes: number): void {
    this.#part = part;
    this.#left = bytes;
    this.#filled = 0;
    if (bytes === 0) this.#turn();
  }

  #pad(): void {
    this.#begin('padding', this.#padding);
  }

  #readHeader(): void {
    // Two blocks of zeros end an archive; one does for every tar that matters.
    if (this.#block.every((byte) => byte === 0)) {
      this.#part = 'over';
      return;
    }
    const header = parseTarHeader(this.#block);
    if (header === undefined) throw this.#error(`what should be a header at byte ${this.#at - BLOCK_BYTES} is none`);
    this.#padding = (BLOCK_BYTES - (header.bytes % BLOCK_BYTES)) % BLOCK_BYTES;
    if (ABOUT_NEXT.has(header.type)) this.#beginMeta(header);
    else if (PASSED_OVER.has(header.type)) this.#begin('skipped', header.bytes);
    else this.#beginEntry(header);
  }

  #beginMeta({ type, bytes }: TarHeader): void {
    if (bytes > MOST_META_BYTES) throw this.#error(`a path of ${bytes} bytes in it`);
    this.#metaType = type;
    this.#meta = new Uint8Array(bytes);
    this.#begin('meta', bytes);
  }

  #readMeta(): void {
    if (this.#metaType === 'L') {
      this.#nextPath = new TextDecoder().decode(this.#meta).replace(/\0.*$/s, '');
      return;
    }
    const records = parsePaxRecords(this.#meta);
    if (records === undefined) throw this.#error(`a damaged pax header before byte ${this.#at}`);
    this.#nextPath = records.path ?? this.#nextPath;
    this.#nextBytes = records.bytes;
  }

  #beginEntry(header: TarHeader): void {
    const bytes = this.#nextBytes ?? header.bytes;
    const entry = tarEntry({ ...header, bytes, path: this.#nextPath ?? header.path }, this.#options.limits.pathLength);
    this.#nextPath = undefined;
    this.#nextBytes = undefined;
    this.#padding = (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
    this.#count();
    const isWanted = entry !== undefined && this.#visitor.entry(entry) && entry.refused === undefined;
    this.#begin(isWanted ? 'content' : 'skipped', hasContent(header.type) ? bytes : 0);
  }

  #count(): void {
    this.#entries += 1;
    const { entries } = this.#options.limits;
    if (this.#entries > entries) throw this.#error(`more than ${entries} entries in it`);
  }

  #error(why: string) {
    return archiveError(this.#options.name, why);
  }
}

/** Links, devices and folders have none, whatever size their header names (pax, "typeflag"). */
function hasContent(type: string): boolean {
  return !'123456'.includes(type);
}
