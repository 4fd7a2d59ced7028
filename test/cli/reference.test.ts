import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-specs.ts';
import { generateCliReference } from '../../src/cli/reference/cli-reference.ts';

const PAGE = new URL('../../../docs/reference/cli.md', import.meta.url);

describe('docs/reference/cli.md', () => {
  it('is what the program says', () => {
    const page = generateCliReference();
    if (process.env['PTL_GOLDEN'] === 'write') {
      mkdirSync(new URL('.', PAGE), { recursive: true });
      writeFileSync(PAGE, page);
    }
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });

  it('names every command and flag', () => {
    const page = generateCliReference();
    for (const { name, flags } of COMMANDS) {
      expect(page).toContain(`## portolan ${name}\n`);
      for (const flag of flags) expect(page).toContain(`--${flag.name}`);
    }
  });
});
