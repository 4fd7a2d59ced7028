import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { moduloBiasPage } from './modulo-bias-page.ts';

const PAGE = new URL('../../docs/modulo-bias.md', import.meta.url);

describe('docs/modulo-bias.md', () => {
  it('says what plans are made with', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(moduloBiasPage());
  });

  it('says that 30000 buys next to nothing and 4790 about four fifths', () => {
    expect(moduloBiasPage()).toMatch(/\| 30000:65535 \|.*\| [12] % \|\n/);
    expect(moduloBiasPage()).toMatch(/\| 4790:65535 \|.*\| (7[5-9]|8[0-5]) % \|\n/);
  });
});
