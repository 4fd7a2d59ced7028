// What an archive of other people's files holds: those that are known, and those that were passed over with the reason.
import type { DumpKind } from '../recognise-dump.ts';
import type { ByteSource } from '../byte-source.ts';

export interface ArchiveMember {
  readonly path: string;
  readonly kinds: readonly DumpKind[];
  readonly source: ByteSource;
  /** Wall-clock milliseconds; undefined where the archive does not say. */
  readonly modifiedAt: number | undefined;
}

/** Entries that are no files, or whose path no honest archive has. */
export interface PassedOver {
  readonly path: string;
  readonly why: string;
}

export interface ArchiveContent {
  readonly members: readonly ArchiveMember[];
  readonly passedOver: readonly PassedOver[];
  /** Files whose content is none of those that are known. */
  readonly unknown: number;
  /** Why the first of them is none. */
  readonly firstRefusal: string | undefined;
}
