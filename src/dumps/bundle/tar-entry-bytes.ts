// One file of a tar (POSIX.1-2017 pax, "ustar Interchange Format"): a header block, the content, zeros up to whole blocks.

const BLOCK_BYTES = 512;
const CHECKSUM_AT = 148;
const MAGIC_AT = 257;
const MOST_PATH = 100;

export interface TarFile {
  /** ASCII, at most 100 characters. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Wall-clock seconds. */
  readonly modifiedAt: number;
}

/** Two blocks of zeros. */
export const TAR_END = new Uint8Array(2 * BLOCK_BYTES);

export function tarEntryBytes({ path, content, modifiedAt }: TarFile): Uint8Array {
  const bytes = new Uint8Array(BLOCK_BYTES + Math.ceil(content.length / BLOCK_BYTES) * BLOCK_BYTES);
  if (path.length > MOST_PATH) throw new RangeError(`a path of ${path.length} characters, wanted at most ${MOST_PATH}`);
  const put = (at: number, text: string): void => bytes.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(0, path);
  // Whoever unpacks it owns it, and nobody else reads it.
  put(100, `${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`);
  put(124, `${octal(content.length, 11)}\0${octal(Math.max(0, Math.floor(modifiedAt)), 11)}\0`);
  // While it is summed up, the checksum is spaces; `0` is the type of a file.
  put(CHECKSUM_AT, '        0');
  put(MAGIC_AT, 'ustar\x0000');
  const sum = bytes.subarray(0, BLOCK_BYTES).reduce((total, byte) => total + byte, 0);
  put(CHECKSUM_AT, `${octal(sum, 6)}\0 `);
  bytes.set(content, BLOCK_BYTES);
  return bytes;
}
