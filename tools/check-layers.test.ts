import { describe, expect, it } from 'vitest';
import { checkLayers } from './check-layers.ts';
import { type Files, withPlantedTree } from './planted-tree.ts';

/** A small clean house. */
const HOUSE: Files = {
  'src/core/model/port.ts': 'export type Port = number;\n',
  'src/core/analysis/verdict.ts': "import type { Port } from '../model/port.ts';\nexport const worst: Port = 1;\n",
  'src/kernel/netlink/libc.ts': "import koffi from 'koffi';\nexport const libc = koffi;\n",
  'src/kernel/route/read-links.ts': "import { libc } from '../netlink/libc.ts';\nexport const links = libc;\n",
  'src/cli/main.ts': "import { links } from '../kernel/route/read-links.ts';\nexport const at = [links, Date.now()];\n",
};

function problemsWith(planted: Files): readonly string[] {
  return withPlantedTree({ ...HOUSE, ...planted }, (root) => checkLayers(root, { minimumModules: 5 }).problems);
}

describe('checkLayers', () => {
  it('finds nothing wrong with a clean house', () => {
    expect(problemsWith({})).toEqual([]);
  });

  it('takes the URL of a file that is no module for data', () => {
    const text = "export const x = new URL('../../package.json', import.meta.url);\n";
    expect(problemsWith({ 'src/cli/x.ts': text })).toEqual([]);
  });

  it('fails when it sees too few modules, and when it sees none', () => {
    expect(withPlantedTree(HOUSE, (root) => checkLayers(root).problems)).toEqual([expect.stringContaining('blind')]);
    expect(withPlantedTree({}, (root) => checkLayers(root).problems)).toContainEqual(expect.stringContaining('only 0'));
  });

  it.each([
    [
      'a type-only import upwards',
      'src/core/model/x.ts',
      "import type { worst } from '../analysis/verdict.ts';",
      'core/model may not import core/analysis',
    ],
    [
      'a re-export upwards',
      'src/core/model/x.ts',
      "export * from '../analysis/verdict.ts';",
      'core/model may not import core/analysis',
    ],
    [
      'a dynamic import',
      'src/core/alloc/x.ts',
      "export const x = import('../../kernel/netlink/libc.ts');",
      'core/alloc may not import kernel/netlink',
    ],
    [
      'an import() type',
      'src/core/alloc/x.ts',
      "export type X = import('../analysis/verdict.ts').Y;",
      'core/alloc may not import core/analysis',
    ],
    [
      'a worker URL',
      'src/core/alloc/x.ts',
      "export const x = new URL('../../cli/main.js', import.meta.url);",
      'core/alloc may not import cli',
    ],
    [
      'a worker URL without its dot',
      'src/core/alloc/x.ts',
      "export const x = new URL('y/../../../cli/main.js', import.meta.url);",
      'core/alloc may not import cli',
    ],
    [
      'a sideways import',
      'src/kernel/procfs/x.ts',
      "import '../route/read-links.ts';",
      'kernel/procfs may not import kernel/route',
    ],
    ['a test from product code', 'src/core/alloc/x.ts', "import './y.test.ts';", 'may not import a test'],
    [
      'product code importing a tool',
      'src/cli/x.ts',
      "import '../../tools/report.ts';",
      'may not import tools/report.ts',
    ],
    ['Node in a pure folder', 'src/present/x.ts', "import { readFileSync } from 'node:fs';", 'present is pure'],
    [
      'a package in the wrong folder',
      'src/observe/x.ts',
      "import { Command } from 'commander';",
      'observe may not import package commander',
    ],
    ['an unknown package', 'src/cli/x.ts', "import 'left-pad';", 'package left-pad has no row'],
    ['an unknown folder', 'src/misc/x.ts', 'export {};', 'its folder has no row'],
    ['a computed import()', 'src/cli/x.ts', 'export const x = (name: string) => import(name);', 'something computed'],
    ['any', 'src/core/alloc/x.ts', 'export const x: any = 1;', '`any`'],
    ['any in a test', 'src/core/alloc/x.test.ts', 'export const x: any = 1;', '`any`'],
    ['a non-null assertion', 'src/core/alloc/x.ts', 'export const x = [1][0]!;', '`!`'],
    ['a definite assignment', 'src/core/alloc/x.ts', 'export let x!: string;', '`!`'],
    ['a lint escape', 'test/x.ts', '// oxlint-disable-next-line no-console\nexport {};', '`lint escape`'],
    ['as outside a decoder', 'src/core/alloc/x.ts', 'export const x = 1 as unknown;', '`as` outside a decoder'],
    ['the clock outside a program', 'src/observe/x.ts', 'export const x = Date.now();', 'Date.now'],
    ['a new Date outside a program', 'src/observe/x.ts', 'export const x = new Date();', 'new Date()'],
    ['the environment outside a program', 'src/cli/x.ts', 'export const x = process.env;', 'process.env'],
    ['chance in the core', 'src/core/alloc/x.ts', 'export const x = Math.random();', 'Math.random'],
    ['a timer outside a program', 'src/observe/x.ts', 'setTimeout(() => {}, 1);', 'setTimeout'],
    ['a second FFI file', 'src/kernel/netlink/x.ts', "import koffi from 'koffi';", '2 files import koffi'],
    ['a syntax error', 'src/core/alloc/x.ts', 'export const = 1;', 'src/core/alloc/x.ts'],
  ])('catches %s', (_, path, text, wanted) => {
    expect(problemsWith({ [path]: `${text}\n` })).toEqual([expect.stringContaining(wanted)]);
  });

  it('catches a cycle made of type-only imports, and names it', () => {
    const problems = problemsWith({
      'src/core/alloc/a.ts': "import type { B } from './b.ts';\nexport type A = B;\n",
      'src/core/alloc/b.ts': "import type { A } from './a.ts';\nexport type B = A;\n",
    });
    expect(problems).toEqual(['import cycle: src/core/alloc/a.ts -> src/core/alloc/b.ts -> src/core/alloc/a.ts']);
  });

  it('catches a house without any FFI file', () => {
    const problems = problemsWith({ 'src/kernel/netlink/libc.ts': 'export const libc = 1;\n' });
    expect(problems).toEqual([expect.stringContaining('0 files import koffi')]);
  });

  it('allows `as const` everywhere and `as` in decoders, and counts it', () => {
    const text = 'export const x = [1] as const;\nexport const y = x as unknown;\n';
    const report = withPlantedTree({ ...HOUSE, 'src/kernel/route/decode-link.ts': text }, (root) =>
      checkLayers(root, { minimumModules: 5 }),
    );
    expect(report.problems).toEqual([]);
    expect(report.notes).toEqual(['src/kernel/route/decode-link.ts: 1 x `as`']);
  });
});
