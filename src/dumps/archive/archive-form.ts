// Whether a file is an archive, told by its first bytes.
import { parseTarHeader } from './parse-tar-header.ts';

export type ArchiveForm = 'gzip' | 'tar';

/** Forms that are known well enough to be named, not to be read: their signatures. */
const OTHERS: readonly (readonly [readonly number[], string])[] = [
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'compressed with xz: unpack it first, with tar xf or xz -d'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with zstd: unpack it first, with tar xf or zstd -d'],
  [[0x42, 0x5a, 0x68], 'compressed with bzip2: unpack it first, with tar xf or bzip2 -d'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip: unpack it first'],
];

/** Undefined: no archive. */
export function archiveForm(head: Uint8Array): ArchiveForm | { readonly refused: string } | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const other = OTHERS.find(([signature]) => signature.every((byte, at) => head[at] === byte));
  if (other !== undefined) return { refused: other[1] };
  return isTar(head) ? 'tar' : undefined;
}

/** A header whose checksum is right: a signature is missing from the oldest tars. */
export function isTar(head: Uint8Array): boolean {
  return head.length >= 512 && parseTarHeader(head.subarray(0, 512)) !== undefined;
}
