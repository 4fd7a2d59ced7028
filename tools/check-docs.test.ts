import { describe, expect, it } from 'vitest';
import { checkDocs } from './check-docs.ts';
import { errorsPage } from './errors-page.ts';
import { type Files, withPlantedTree } from './planted-tree.ts';

const CATALOGUE = { PTL_A: { meaning: 'A failed', help: 'try B' }, PTL_B: { meaning: 'B failed', help: 'try A' } };

const OPTIONS = {
  errorCodes: Object.keys(CATALOGUE),
  checkIds: ['churn'],
  referencePages: [{ path: 'docs/reference/errors.md', render: () => errorsPage(CATALOGUE) }],
};

const DOCS: Files = {
  '.ci/run': "bash -c 'npm ci && npm test'\n",
  'README.md':
    '# Portolan\n\n    npm ci && npm test\n\nSee [errors](docs/reference/errors.md#ptl_a) and [the site](https://example.org/x).\n',
  'ARCHITECTURE.md':
    '# Architecture\n\nPorts: `src/core/model/port.ts`, pages: `docs/checks/`, any: `src/<folder>/x.ts`.\n',
  'CONTRIBUTING.md': '# Contributing\n\n```\n[not a link](nowhere.md)\n```\n',
  'CHANGELOG.md': '# Changelog\n',
  'docs/checks/churn.md': '# Churn\n\nUp: [readme](../../README.md), [below](#what-to-do).\n\n## What to do?\n',
  'docs/reference/errors.md': errorsPage(CATALOGUE),
  'src/core/model/port.ts': 'export {};\n',
};

function problemsWith(planted: Files): readonly string[] {
  return withPlantedTree({ ...DOCS, ...planted }, (root) => checkDocs(root, OPTIONS).problems);
}

function without(path: string): readonly string[] {
  const rest = Object.fromEntries(Object.entries(DOCS).filter(([name]) => name !== path));
  return withPlantedTree(rest, (root) => checkDocs(root, OPTIONS).problems);
}

describe('checkDocs', () => {
  it('finds nothing wrong with documents that hold', () => {
    expect(problemsWith({})).toEqual([]);
  });

  it('catches a code that the page lacks, and one that only the page has', () => {
    const page = errorsPage({ PTL_A: CATALOGUE.PTL_A, PTL_OLD: CATALOGUE.PTL_B });
    expect(problemsWith({ 'docs/reference/errors.md': page })).toEqual([
      'PTL_B is in core/errors/catalogue.ts but not in docs/reference/errors.md',
      'PTL_OLD is in docs/reference/errors.md but not in core/errors/catalogue.ts',
      'docs/reference/errors.md differs from what is generated: npm run reference',
    ]);
  });

  it('catches a generated page edited by hand', () => {
    const page = errorsPage(CATALOGUE).replace('A failed', 'A failed badly');
    expect(problemsWith({ 'docs/reference/errors.md': page })).toEqual([expect.stringContaining('differs')]);
  });

  it('catches a missing errors page', () => {
    expect(without('docs/reference/errors.md')).toEqual([
      'docs/reference/errors.md is missing: npm run reference',
      expect.stringContaining('README.md:5: docs/reference/errors.md#ptl_a does not exist'),
    ]);
  });

  it('catches a check without a page and a page without a check', () => {
    expect(without('docs/checks/churn.md')).toContainEqual('churn is in CHECK_IDS but not in docs/checks');
    expect(problemsWith({ 'docs/checks/gone.md': '# Gone\n' })).toEqual([
      'gone is in docs/checks but not in CHECK_IDS',
    ]);
  });

  it.each([
    ['a link to nowhere', 'README.md', '[x](docs/nowhere.md)', 'README.md:3: docs/nowhere.md does not exist'],
    ['a reference to nowhere', 'README.md', '[x]: nowhere.md', 'README.md:3: nowhere.md does not exist'],
    ['a heading that is not there', 'README.md', '[x](CONTRIBUTING.md#no)', 'has no such heading'],
    ['a link out of the repository', 'README.md', '[x](../other/README.md)', 'leaves the repository'],
    [
      'a file that ARCHITECTURE.md names',
      'ARCHITECTURE.md',
      '`src/core/model/gone.ts`',
      'ARCHITECTURE.md:3: src/core/model/gone.ts',
    ],
  ])('catches %s', (_, path, text, wanted) => {
    expect(problemsWith({ [path]: `npm ci && npm test\n\n${text}\n` })).toEqual([expect.stringContaining(wanted)]);
  });

  it('catches a CI that tests with another command than the README gives', () => {
    const problems = problemsWith({ '.ci/run': 'npx vitest\n' });
    expect(problems).toEqual(['.ci/run does not hold the test command: npm ci && npm test']);
  });

  it('catches a missing page of the front row', () => {
    expect(without('CHANGELOG.md')).toEqual(['CHANGELOG.md is missing']);
  });
});
