import { describe, expect, it } from 'vitest';
import { paintLines } from './line.ts';
import { ANSI_PALETTE, PLAIN_PALETTE } from './palette.ts';

describe('paintLines', () => {
  it('lets no control character of a name through to the terminal', () => {
    const evil = { text: 'a\u001b[2Jb\u0007\u009b\tc' };
    expect(paintLines([evil], PLAIN_PALETTE)).toBe('a?[2Jb??\tc\n');
    expect(paintLines([{ ...evil, tone: 'strong', tonedCharacters: 1 }], ANSI_PALETTE)).toBe(
      '\u001b[1ma\u001b[0m?[2Jb??\tc\n',
    );
  });
});
