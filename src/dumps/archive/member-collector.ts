// Keeps the members of an archive that are known by their content; all others cost no memory.
import { recogniseDump } from '../recognise-dump.ts';
import { archiveError } from './archive-error.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import type { ArchiveContent, ArchiveMember, PassedOver } from './archive-member.ts';
import { PackedBytes } from './packed-bytes.ts';
import type { TarEntry } from './tar-entry.ts';
import type { TarVisitor } from './tar-reader.ts';

/** As much as a file's kind is told from. */
const HEAD_BYTES = 256 * 1024;
const MEBIBYTE = 2 ** 20;

export class MemberCollector implements TarVisitor {
  readonly #name: string;
  readonly #limits: ArchiveLimits;
  readonly #members: ArchiveMember[] = [];
  readonly #passedOver: PassedOver[] = [];
  #unknown = 0;
  #firstRefusal: string | undefined;
  #kept = 0;
  #path = '';
  #modifiedAt: number | undefined;
  #bytes = new PackedBytes();
  #kinds: ArchiveMember['kinds'] | undefined;
  #isRefused = false;

  constructor(name: string, limits: ArchiveLimits) {
    this.#name = name;
    this.#limits = limits;
  }

  entry({ path, modifiedAt, refused }: TarEntry): boolean {
    if (refused !== undefined) {
      this.#passedOver.push({ path, why: refused });
      return false;
    }
    this.begin(path, modifiedAt);
    return true;
  }

  /** A file begins; its content follows. */
  begin(path: string, modifiedAt: number | undefined): void {
    this.#path = path;
    this.#modifiedAt = modifiedAt;
    this.#bytes = new PackedBytes();
    this.#kinds = undefined;
    this.#isRefused = false;
  }

  content(piece: Uint8Array): void {
    if (this.#isRefused) return;
    if (this.#kept + this.#bytes.length + piece.length > this.#limits.keptBytes)
      throw archiveError(
        this.#name,
        `more than ${Math.round(this.#limits.keptBytes / MEBIBYTE)} MiB of conntrack, rules and settings in it: unpack it and give the folder`,
      );
    this.#bytes.add(piece);
    if (this.#kinds === undefined && this.#bytes.length >= HEAD_BYTES) this.#recognise();
  }

  end(): void {
    if (this.#kinds === undefined && !this.#isRefused) this.#recognise();
    if (this.#kinds === undefined) return;
    this.#kept += this.#bytes.length;
    this.#members.push({
      path: this.#path,
      kinds: this.#kinds,
      source: this.#bytes.source(),
      modifiedAt: this.#modifiedAt,
    });
  }

  finish(): ArchiveContent {
    return {
      members: this.#members,
      passedOver: this.#passedOver,
      unknown: this.#unknown,
      firstRefusal: this.#firstRefusal,
    };
  }

  #recognise(): void {
    const head = new Uint8Array(Math.min(this.#bytes.length, HEAD_BYTES));
    this.#bytes.source().read(head, 0);
    const known = recogniseDump(head, this.#path);
    if ('kinds' in known) {
      this.#kinds = known.kinds;
      return;
    }
    this.#isRefused = true;
    this.#bytes = new PackedBytes();
    this.#unknown += 1;
    this.#firstRefusal ??= known.refused;
  }
}
