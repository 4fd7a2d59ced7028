// One TypeScript file as the house checks see it: what it imports and which marked constructs it uses, by its syntax tree.
import { parseSync, Visitor } from 'oxc-parser';

/**
 * `import`: static or re-export, type-only included. `dynamic`: import(). `url`: new URL('./x.js', import.meta.url), the
 * module of a thread or a child process; URLs of other files are data.
 */
export type ImportKind = 'import' | 'dynamic' | 'url';

export interface ModuleImport {
  /** The specifier as written; undefined when import() takes something computed. */
  readonly specifier: string | undefined;
  readonly kind: ImportKind;
  readonly line: number;
}

export interface Sighting {
  /** `any`, `!`, `as`, `lint escape`, or a name from the outside world: `Date.now`, `process.env`, `setTimeout`. */
  readonly what: string;
  readonly line: number;
}

export interface FunctionSize {
  readonly line: number;
  readonly lines: number;
}

export interface SourceModule {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly ModuleImport[];
  readonly sightings: readonly Sighting[];
  readonly functions: readonly FunctionSize[];
  readonly syntaxErrors: readonly string[];
}

const ESCAPE = /\b(oxlint|eslint|biome)-(disable|ignore)|@ts-(ignore|expect-error|nocheck)/;
const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate']);
const WORLD = new Set(['process.env', 'Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID']);

/** Parses a file's text; a syntax error is kept, not thrown. */
export function parseModule(path: string, text: string): SourceModule {
  const { program, comments, errors } = parseSync(path, text);
  const lineOf = lineFinder(text);
  const imports: ModuleImport[] = [];
  const sightings: Sighting[] = [];
  const functions: FunctionSize[] = [];
  const see = (what: string, node: { start: number }): unknown => sightings.push({ what, line: lineOf(node.start) });
  const imported = (specifier: string | undefined, kind: ImportKind, node: { start: number }): unknown =>
    imports.push({ specifier, kind, line: lineOf(node.start) });
  const measure = (node: { start: number; end: number }): unknown =>
    functions.push({ line: lineOf(node.start), lines: lineOf(node.end) - lineOf(node.start) + 1 });
  new Visitor({
    ImportDeclaration: (node) => imported(node.source.value, 'import', node),
    ExportAllDeclaration: (node) => imported(node.source.value, 'import', node),
    ExportNamedDeclaration: (node) => node.source !== null && imported(node.source.value, 'import', node),
    TSImportType: (node) => imported(node.source.value, 'import', node),
    ImportExpression: (node) => imported(literalText(node.source), 'dynamic', node),
    NewExpression: (node) => {
      const [first, second] = node.arguments;
      const name = node.callee.type === 'Identifier' ? node.callee.name : '';
      const url = name === 'URL' && isImportMetaUrl(second) ? literalText(first) : undefined;
      if (url?.endsWith('.js') === true) imported(asRelative(url), 'url', node);
      if (name === 'Date' && first === undefined) see('new Date()', node);
    },
    TSAnyKeyword: (node) => see('any', node),
    TSNonNullExpression: (node) => see('!', node),
    VariableDeclarator: (node) => node.definite === true && see('!', node),
    PropertyDefinition: (node) => node.definite === true && see('!', node),
    TSAsExpression: (node) => !isConst(node.typeAnnotation) && see('as', node),
    TSTypeAssertion: (node) => see('as', node),
    CallExpression: (node) =>
      node.callee.type === 'Identifier' && TIMERS.has(node.callee.name) && see(node.callee.name, node),
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
      const name = `${node.object.name}.${node.property.name}`;
      if (WORLD.has(name)) see(name, node);
    },
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(program);
  for (const comment of comments) if (ESCAPE.test(comment.value)) see('lint escape', comment);
  const syntaxErrors = errors.map((error) => error.message);
  return { path, lines: text.trimEnd().split('\n').length, imports, sightings, functions, syntaxErrors };
}

interface TreeNode {
  readonly type: string;
}

function literalText(node: TreeNode | undefined): string | undefined {
  return node !== undefined && 'value' in node && typeof node.value === 'string' ? node.value : undefined;
}

/** A URL is relative without its dot; an import is not. */
function asRelative(url: string): string {
  return url.startsWith('.') || url.includes(':') ? url : `./${url}`;
}

function isImportMetaUrl(node: TreeNode | undefined): boolean {
  if (node?.type !== 'MemberExpression' || !('object' in node) || !('property' in node)) return false;
  const { object, property } = node;
  const isMeta = typeof object === 'object' && object !== null && 'type' in object && object.type === 'MetaProperty';
  return isMeta && typeof property === 'object' && property !== null && 'name' in property && property.name === 'url';
}

/** `as const` narrows nothing away: it is no assertion. */
function isConst(annotation: TreeNode): boolean {
  if (annotation.type !== 'TSTypeReference' || !('typeName' in annotation)) return false;
  const name = annotation.typeName;
  return typeof name === 'object' && name !== null && 'name' in name && name.name === 'const';
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
