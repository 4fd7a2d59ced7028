// Holds the documents to the code: catalogue and pages name the same things, links lead somewhere, generated pages are current.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CHECK_IDS } from '../src/core/analysis/finding.ts';
import { CATALOGUE } from '../src/core/errors/catalogue.ts';
import { codeSpans, markdownAnchors, markdownLinks } from './markdown.ts';
import { REFERENCE_PAGES, type ReferencePage } from './reference-pages.ts';
import type { Report } from './report.ts';

const ROOT_PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const ERRORS_PAGE = 'docs/reference/errors.md';
const CHECKS_FOLDER = 'docs/checks';
const TEST_COMMAND = 'npm ci && npm test';

/** The names that code and documents must share; the defaults are this house's own. */
export interface DocsOptions {
  readonly errorCodes?: readonly string[];
  readonly checkIds?: readonly string[];
  readonly referencePages?: readonly ReferencePage[];
}

interface Page {
  readonly path: string;
  readonly text: string;
}

/** Checks the documents of the checkout at `root`. */
export function checkDocs(root: string, options: DocsOptions = {}): Report {
  const pages = documentPages(root);
  const missing = ROOT_PAGES.filter((path) => !existsSync(join(root, path))).map((path) => `${path} is missing`);
  const links = pages.flatMap((page) => markdownLinks(page.text).map((link) => ({ page, ...link })));
  return {
    problems: [
      ...missing,
      ...errorCodeProblems(root, options.errorCodes ?? Object.keys(CATALOGUE)),
      ...checkPageProblems(root, options.checkIds ?? CHECK_IDS),
      ...staleReferences(root, options.referencePages ?? REFERENCE_PAGES),
      ...links.flatMap((link) => linkProblems(root, link)),
      ...ciProblems(root),
      ...pages.filter(({ path }) => path === 'ARCHITECTURE.md').flatMap((page) => absentFiles(root, page)),
    ],
    notes: [],
    summary: `${pages.length} pages, ${links.length} links`,
  };
}

function documentPages(root: string): Page[] {
  const docs = join(root, 'docs');
  const below = existsSync(docs) ? readdirSync(docs, { recursive: true, encoding: 'utf8' }) : [];
  const paths = [...ROOT_PAGES, 'examples/README.md', ...below.map((path) => `docs/${path}`).sort()];
  return paths
    .filter((path) => path.endsWith('.md') && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function errorCodeProblems(root: string, codes: readonly string[]): string[] {
  const path = join(root, ERRORS_PAGE);
  if (!existsSync(path)) return [`${ERRORS_PAGE} is missing: npm run reference`];
  const documented = [...readFileSync(path, 'utf8').matchAll(/^## (PTL_\w+)$/gm)].map((match) => match[1] ?? '');
  return bothWays({ names: codes, place: 'core/errors/catalogue.ts' }, { names: documented, place: ERRORS_PAGE });
}

function checkPageProblems(root: string, ids: readonly string[]): string[] {
  const folder = join(root, CHECKS_FOLDER);
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')
    : [];
  const documented = files.map((name) => name.replace(/\.md$/, ''));
  return bothWays({ names: ids, place: 'CHECK_IDS' }, { names: documented, place: CHECKS_FOLDER });
}

interface Named {
  readonly names: readonly string[];
  readonly place: string;
}

function bothWays(code: Named, docs: Named): string[] {
  const undocumented = code.names.filter((name) => !docs.names.includes(name));
  const unknown = docs.names.filter((name) => !code.names.includes(name));
  return [
    ...undocumented.map((name) => `${name} is in ${code.place} but not in ${docs.place}`),
    ...unknown.map((name) => `${name} is in ${docs.place} but not in ${code.place}`),
  ];
}

function staleReferences(root: string, pages: readonly ReferencePage[]): string[] {
  return pages
    .filter(({ path, render }) => existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') !== render())
    .map(({ path }) => `${path} differs from what is generated: npm run reference`);
}

function linkProblems(root: string, link: { page: Page; target: string; line: number }): string[] {
  if (/^[a-z][a-z+.-]*:/i.test(link.target)) return [];
  const [file = '', anchor = ''] = link.target.split('#');
  const place = `${link.page.path}:${link.line}`;
  const path = file === '' ? join(root, link.page.path) : join(root, dirname(link.page.path), decodeURI(file));
  if (relative(root, path).startsWith('..')) return [`${place}: ${link.target} leaves the repository`];
  if (!existsSync(path)) return [`${place}: ${link.target} does not exist`];
  if (anchor === '' || !path.endsWith('.md')) return [];
  return markdownAnchors(readFileSync(path, 'utf8')).has(anchor)
    ? []
    : [`${place}: ${link.target} has no such heading`];
}

/** CI proves the README only if it runs the very command that the README gives. */
function ciProblems(root: string): string[] {
  const texts = ['README.md', '.ci/run'].map((path) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '',
  );
  return texts.flatMap((text, index) =>
    text.includes(TEST_COMMAND)
      ? []
      : [`${index === 0 ? 'README.md' : '.ci/run'} does not hold the test command: ${TEST_COMMAND}`],
  );
}

/** Code spans that look like paths of this repository: `src/core/model/port-set.ts`, `docs/checks/`. */
function absentFiles(root: string, page: Page): string[] {
  return codeSpans(page.text)
    .filter(({ code }) => /^(\.ci|bin|src|test|bench|tools|docs|examples)\/[\w./-]*$/.test(code))
    .filter(({ code }) => !existsSync(join(root, code)))
    .map(({ code, line }) => `${page.path}:${line}: ${code} does not exist`);
}
