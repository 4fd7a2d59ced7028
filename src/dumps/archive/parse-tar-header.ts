// One header block of a tar: ustar, GNU and the oldest form (POSIX.1-2017 pax, "ustar Interchange Format"; tar(5)).

export const BLOCK_BYTES = 512;

export interface TarHeader {
  readonly path: string;
  /** Bytes of content that follow, before padding to whole blocks. */
  readonly bytes: number;
  /** Wall-clock milliseconds. */
  readonly modifiedAt: number;
  /** The type flag: `0` a file, `5` a folder, `2` a symbolic link, `x` a pax header, ... */
  readonly type: string;
}

const PATH = [0, 100] as const;
const SIZE = [124, 136] as const;
const MODIFIED = [136, 148] as const;
const CHECKSUM = [148, 156] as const;
const TYPE = 156;
const MAGIC = [257, 262] as const;
const PREFIX = [345, 500] as const;

/** The header, or undefined when the block is none: its checksum is wrong or a number in it is none. */
export function parseTarHeader(block: Uint8Array): TarHeader | undefined {
  const bytes = numberIn(block, SIZE);
  const modified = numberIn(block, MODIFIED);
  if (numberIn(block, CHECKSUM) !== checksumOf(block) || bytes === undefined || modified === undefined)
    return undefined;
  const type = String.fromCharCode(block[TYPE] ?? 0);
  const prefix = textIn(block, MAGIC) === 'ustar' ? textIn(block, PREFIX) : '';
  const name = textIn(block, PATH);
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    bytes,
    modifiedAt: modified * 1000,
    // The oldest form has NUL for a file; 7 is a file that was stored in one piece.
    type: type === '\0' || type === '7' ? '0' : type,
  };
}

/** The sum of all bytes, with the checksum's own taken as spaces. */
function checksumOf(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK_BYTES; at += 1) if (at < CHECKSUM[0] || at >= CHECKSUM[1]) sum += block[at] ?? 0;
  return sum;
}

/** Octal digits; or, with the highest bit set, a number of base 256 (GNU, for more than 8 GiB). */
function numberIn(block: Uint8Array, [from, to]: readonly [number, number]): number | undefined {
  const first = block[from] ?? 0;
  if (first === 0x80) {
    let value = 0;
    for (let at = from + 1; at < to; at += 1) value = value * 256 + (block[at] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = textIn(block, [from, to]).trim();
  if (digits === '') return 0;
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** Text up to the first NUL. */
function textIn(block: Uint8Array, [from, to]: readonly [number, number]): string {
  const field = block.subarray(from, to);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
