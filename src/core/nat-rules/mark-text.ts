// The text of a packet mark test: `value/mask` in hex, a leading `!` negates.

/** With a mask of one bit a negated test becomes the plain test of the other value. */
export function formatMark(value: number, mask: number, negated: boolean): string {
  const oneBit = mask !== 0 && (mask & (mask - 1)) === 0;
  if (negated && oneBit) return formatMark((value ^ mask) & mask, mask, false);
  return `${negated ? '!' : ''}0x${(value >>> 0).toString(16)}/0x${(mask >>> 0).toString(16)}`;
}

/** The test that passes where this one does not. */
export function negateMark(text: string): string {
  const match = /^(!?)0x([0-9a-f]+)\/0x([0-9a-f]+)$/.exec(text);
  if (match === null) return `not ${text}`;
  return formatMark(Number.parseInt(match[2] ?? '0', 16), Number.parseInt(match[3] ?? '0', 16), match[1] === '');
}
