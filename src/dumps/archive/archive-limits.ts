// How much an archive may ask of the reader: what diagnostic archives hold stays far below, what wants to exhaust a machine does not.

export interface ArchiveLimits {
  /** Bytes after decompression, over the whole archive. */
  readonly inflatedBytes: number;
  /** Inflated over compressed bytes. Text of conntrack comes to 10, logs to 50; zeros to 1,030, the most that DEFLATE can. */
  readonly ratio: number;
  /** Below this many bytes the ratio says nothing. */
  readonly ratioFromBytes: number;
  readonly entries: number;
  /** Characters of a member's path. */
  readonly pathLength: number;
  /** Bytes of all members that are kept in memory. */
  readonly keptBytes: number;
}

const MEBIBYTE = 2 ** 20;

export const ARCHIVE_LIMITS: ArchiveLimits = {
  inflatedBytes: 8192 * MEBIBYTE,
  ratio: 200,
  ratioFromBytes: 64 * MEBIBYTE,
  entries: 200_000,
  pathLength: 1024,
  keptBytes: 512 * MEBIBYTE,
};
