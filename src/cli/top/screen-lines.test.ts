import { describe, expect, it } from 'vitest';
import { ScreenLines } from './screen-lines.ts';

const at = (row: number, text: string): string => `\u001b[${row};1H\u001b[K${text}`;

describe('the screen', () => {
  it('is cleared and written in full at first, then only where lines changed', () => {
    const screen = new ScreenLines();
    expect(screen.update(['a', '', 'c'])).toBe(`\u001b[2J${at(1, 'a')}${at(3, 'c')}`);
    expect(screen.update(['a', '', 'c'])).toBe('');
    expect(screen.update(['a', 'b', 'd'])).toBe(at(2, 'b') + at(3, 'd'));
  });

  it('clears lines that are gone and draws new ones', () => {
    const screen = new ScreenLines();
    screen.update(['a', 'b']);
    expect(screen.update(['a'])).toBe(at(2, ''));
    expect(screen.update(['a', 'x', 'y'])).toBe(at(2, 'x') + at(3, 'y'));
  });

  it('is written in full again when nothing is known of it', () => {
    const screen = new ScreenLines();
    screen.update(['a']);
    screen.forget();
    expect(screen.update(['a'])).toBe(`\u001b[2J${at(1, 'a')}`);
  });
});
