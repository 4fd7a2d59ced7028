import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withPlantedTree } from './planted-tree.ts';

const BUILD = fileURLToPath(new URL('../../tools/build.mjs', import.meta.url));

const TREE = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      rootDir: '.',
      outDir: 'dist',
      module: 'esnext',
      types: [],
      incremental: true,
      tsBuildInfoFile: 'dist/.tsbuildinfo',
    },
    include: ['src'],
  }),
  'src/kept.ts': 'export const kept = 1;\n',
  'src/gone.test.ts': 'export const gone = 1;\n',
};

function build(root: string): number | null {
  return spawnSync(process.execPath, [BUILD, root], { encoding: 'utf8' }).status;
}

describe('tools/build.mjs', () => {
  it('deletes the output of a deleted source, so that a deleted test never runs', () => {
    withPlantedTree(TREE, (root) => {
      expect(build(root)).toBe(0);
      expect(existsSync(join(root, 'dist/src/gone.test.js'))).toBe(true);
      rmSync(join(root, 'src/gone.test.ts'));
      expect(build(root)).toBe(0);
      expect(existsSync(join(root, 'dist/src/gone.test.js'))).toBe(false);
      expect(existsSync(join(root, 'dist/src/kept.js'))).toBe(true);
    });
  });

  it('writes an output again that someone deleted', () => {
    withPlantedTree(TREE, (root) => {
      build(root);
      rmSync(join(root, 'dist/src/kept.js'));
      expect(build(root)).toBe(0);
      expect(existsSync(join(root, 'dist/src/kept.js'))).toBe(true);
    });
  });

  it('fails without a compiler, unless everything was compiled before', () => {
    const alone = { 'tools/build.mjs': readFileSync(BUILD, 'utf8') };
    const run = (root: string): number | null =>
      spawnSync(process.execPath, [join(root, 'tools/build.mjs')], { encoding: 'utf8' }).status;
    expect(withPlantedTree(alone, run)).toBe(1);
    const compiled = { ...alone, 'src/cli/main.ts': '', 'dist/src/cli/main.js': '' };
    expect(withPlantedTree(compiled, run)).toBe(0);
  });

  it('fails when the compiler does', () => {
    withPlantedTree(TREE, (root) => {
      writeFileSync(join(root, 'src/kept.ts'), "export const kept: number = '';\n");
      expect(build(root)).not.toBe(0);
    });
  });
});
