// How the characters of a text are written, told by its first bytes: PowerShell's `>` writes UTF-16 with a mark in front.

/** A label that TextDecoder takes; without a mark it is UTF-8, of which ASCII is a part. */
export function textEncoding(head: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}
