import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withPlantedTree } from './planted-tree.ts';

const OK = fileURLToPath(new URL('./ok.js', import.meta.url));

function ok(
  scripts: Readonly<Record<string, string>>,
  ...options: readonly string[]
): { status: number | null; lines: string[] } {
  return withPlantedTree({ 'package.json': JSON.stringify({ scripts }) }, (root) => {
    const child = spawnSync(process.execPath, [OK, '--root', root, ...options], { encoding: 'utf8' });
    return { status: child.status, lines: child.stdout.trimEnd().split('\n') };
  });
}

describe('npm run ok', () => {
  it('prints one line a step and a last line, and leaves out what the package does not have', () => {
    const { status, lines } = ok({ build: 'echo quiet', lint: 'true', 'test:built': 'true' });
    expect(status).toBe(0);
    expect(lines).toEqual([
      expect.stringMatching(/^ok +build +\d+\.\d s$/),
      expect.stringMatching(/^ok +lint +\d+\.\d s$/),
      expect.stringMatching(/^ok +tests +\d+\.\d s$/),
      expect.stringMatching(/^ok: 3 of 3 steps passed in \d+\.\d s$/),
    ]);
  });

  it('shows what a failing step said, goes on, and fails', () => {
    const { status, lines } = ok({ build: 'true', lint: 'echo out && echo err >&2 && false', words: 'true' });
    expect(status).toBe(1);
    expect(lines.slice(1, 4)).toEqual([expect.stringMatching(/^FAILED +lint/), 'out', 'err']);
    expect(lines.at(-1)).toMatch(/^not ok: lint failed, 2 of 3 steps passed/);
  });

  it('leaves out a step that just ran', () => {
    expect(ok({ build: 'true', 'test:built': 'false' }, '--without', 'tests').status).toBe(0);
  });
});
