import { describe, expect, it } from 'vitest';
import { ANSI_PALETTE, PLAIN_PALETTE } from '../palette.ts';
import { type FrameLine, clipText, paintFrameLine } from './frame-line.ts';

const paint = (line: FrameLine, width: number): string =>
  paintFrameLine(line, { width, palette: PLAIN_PALETTE, ellipsis: '…' });

const LINE: FrameLine = [{ text: 'abcd', tone: 'strong' }, { text: 'efgh' }, { text: 'ij', tone: 'faint' }];

describe('a line of the view', () => {
  it('is cut to the width in whichever piece the width ends, with a mark', () => {
    const lines = Array.from({ length: 12 }, (_, width) => paint(LINE, width));
    expect(lines).toEqual([
      '',
      '…',
      'a…',
      'ab…',
      'abc…',
      'abcd…',
      'abcde…',
      'abcdef…',
      'abcdefg…',
      'abcdefgh…',
      'abcdefghij',
      'abcdefghij',
    ]);
  });

  it('has no spaces at its end and no control character', () => {
    expect(paint([{ text: 'a\u001b[2Jb\t\u0007' }, { text: '   ' }], 80)).toBe('a?[2Jb??');
  });

  it('is painted piece by piece', () => {
    const options = { width: 80, palette: ANSI_PALETTE, ellipsis: '…' };
    expect(paintFrameLine([{ text: 'a', tone: 'critical' }, { text: 'b' }], options)).toBe('\u001b[1;31ma\u001b[0mb');
  });
});

describe('clipped text', () => {
  it('is at most as wide as allowed', () => {
    expect(clipText('abc', { width: 3, ellipsis: '~' })).toBe('abc');
    expect(clipText('abcd', { width: 3, ellipsis: '~' })).toBe('ab~');
    expect(clipText('abcd', { width: -1, ellipsis: '~' })).toBe('');
  });
});
