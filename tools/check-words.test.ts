import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { checkWords } from './check-words.ts';
import { type Files, withPlantedTree } from './planted-tree.ts';
import type { Report } from './report.ts';

function reportOn(files: Files): Report {
  return withPlantedTree(files, (root) => {
    execFileSync('git', ['init', '-q'], { cwd: root });
    return checkWords(root);
  });
}

/** Put together here, so that this file itself stays clean. */
const OPEN_END = ['TO', 'DO'].join('');
const MACHINE_PATH = ['', 'root', 'main', 'x.ts'].join('/');

describe('checkWords', () => {
  it('finds nothing in clean files', () => {
    expect(reportOn({ 'README.md': 'A tree/root/of ports; method todo() is fine.\n' }).problems).toEqual([]);
  });

  it('fails when it sees no file', () => {
    expect(reportOn({}).problems).toEqual([expect.stringContaining('blind')]);
  });

  it.each([
    ['an open end', `x\n// ${OPEN_END} later\n`, 'README.md:2'],
    ['a path of a machine', `see ${MACHINE_PATH}\n`, 'README.md:1'],
    ['a path at the start of a line', `${MACHINE_PATH}\n`, 'README.md:1'],
    ['a home folder', `cd ${['', 'home', 'someone'].join('/')}\n`, 'README.md:1'],
    ['a lone test', `${['it', 'only'].join('.')}('x', () => {});\n`, 'README.md:1'],
  ])('catches %s', (_, text, wanted) => {
    expect(reportOn({ 'README.md': text }).problems).toEqual([expect.stringContaining(wanted)]);
  });

  it('notes long files and long functions without failing', () => {
    const long = `export function f(): number {\n${'  // a line\n'.repeat(60)}  return 1;\n}\n${'// more\n'.repeat(260)}`;
    const report = reportOn({ 'src/core/model/x.ts': long });
    expect(report.problems).toEqual([]);
    expect(report.notes).toEqual([
      'src/core/model/x.ts: 323 lines; is it one noun?',
      'src/core/model/x.ts:1: a function of 63 lines',
    ]);
  });
});
