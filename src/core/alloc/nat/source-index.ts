// Entries by whose flow they are, newest first, chained through columns: no object per entry (nf_nat_bysource in nf_nat_core.c).
import type { Port } from '../../model/port-range.ts';

/** As many buckets as ports; like the kernel's, the table does not grow. */
const BUCKETS = 65_536;
const NONE = -1;

/** A source and its port, of one protocol. */
export interface SourceKey {
  readonly protocol: number;
  readonly source: number;
  readonly sourcePort: Port;
}

/** Chains of entry places; a chain may hold entries of other sources, which the caller skips. */
export class SourceIndex {
  readonly #newest = new Int32Array(BUCKETS).fill(NONE);
  #older = new Int32Array();
  #newer = new Int32Array();
  #bucket = new Int32Array();

  /** Makes room for entries at places below `places`. */
  grow(places: number): void {
    this.#older = widened(this.#older, places);
    this.#newer = widened(this.#newer, places);
    this.#bucket = widened(this.#bucket, places);
  }

  /** The newest entry that may be of this source, or -1. */
  newest(key: SourceKey): number {
    return this.#newest[bucketOf(key)] ?? NONE;
  }

  /** The next older entry of the same chain, or -1. */
  older(place: number): number {
    return this.#older[place] ?? NONE;
  }

  add(place: number, key: SourceKey): void {
    const bucket = bucketOf(key);
    const older = this.#newest[bucket] ?? NONE;
    if (older !== NONE) this.#newer[older] = place;
    this.#older[place] = older;
    this.#newer[place] = NONE;
    this.#bucket[place] = bucket;
    this.#newest[bucket] = place;
  }

  remove(place: number): void {
    const older = this.#older[place] ?? NONE;
    const newer = this.#newer[place] ?? NONE;
    if (older !== NONE) this.#newer[older] = newer;
    if (newer !== NONE) this.#older[newer] = older;
    else this.#newest[this.#bucket[place] ?? 0] = older;
  }
}

function bucketOf({ protocol, source, sourcePort }: SourceKey): number {
  const mixed = Math.imul(source, 0x9e3779b1) ^ Math.imul(sourcePort * 256 + protocol, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (BUCKETS - 1);
}

function widened(column: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(length);
  wide.set(column);
  return wide;
}
