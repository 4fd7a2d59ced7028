// Enforces the import table and the habits that only a syntax tree shows. It counts what it saw, because a checker that
// sees no module finds no violation.
import { posix } from 'node:path';
import { DECODERS, LAYERS, PACKAGES, PURE, WORLDLY } from './layers.ts';
import { importCycles } from './import-cycles.ts';
import type { Report } from './report.ts';
import type { ModuleImport, SourceModule } from './source-module.ts';
import { sourceTree } from './source-tree.ts';

/** Fewer modules than this below src/ means that the checker is blind, not that the house is clean. */
const MINIMUM_MODULES = 200;

const FFI_PACKAGE = 'koffi';

export interface LayerOptions {
  readonly minimumModules?: number;
}

/** Checks the tree below `root`. */
export function checkLayers(root: string, options: LayerOptions = {}): Report {
  const modules = sourceTree(root);
  const product = modules.filter(isProduct);
  const problems = [
    ...blindness(product.length, options.minimumModules ?? MINIMUM_MODULES),
    ...modules.flatMap((module) => module.syntaxErrors.map((error) => `${module.path}: ${error}`)),
    ...modules.flatMap(forbiddenConstructs),
    ...product.flatMap(layerViolations),
    ...product.flatMap(worldlyUses),
    ...ffiImporters(product),
    ...importCycles(modules).map((cycle) => `import cycle: ${cycle.join(' -> ')}`),
  ];
  const imports = modules.reduce((total, module) => total + module.imports.length, 0);
  return {
    problems,
    notes: assertionCounts(modules),
    summary: `${product.length} modules of src/, ${modules.length} with tests and tools, ${imports} imports`,
  };
}

function isProduct(module: SourceModule): boolean {
  return module.path.startsWith('src/') && !module.path.endsWith('.test.ts');
}

function blindness(seen: number, minimum: number): string[] {
  return seen >= minimum
    ? []
    : [`only ${seen} modules seen below src/, wanted at least ${minimum}: the checker is blind`];
}

function forbiddenConstructs(module: SourceModule): string[] {
  const asAllowed = !isProduct(module) || DECODERS.some((pattern) => pattern.test(module.path));
  const everywhere = new Set(['any', '!', 'lint escape']);
  return module.sightings
    .filter(({ what }) => everywhere.has(what) || (what === 'as' && !asAllowed))
    .map(({ what, line }) => `${module.path}:${line}: ${what === 'as' ? '`as` outside a decoder' : `\`${what}\``}`);
}

function assertionCounts(modules: readonly SourceModule[]): string[] {
  return modules
    .map((module) => ({ path: module.path, count: module.sightings.filter(({ what }) => what === 'as').length }))
    .filter(({ count }) => count > 0)
    .map(({ path, count }) => `${path}: ${count} x \`as\``);
}

function worldlyUses(module: SourceModule): string[] {
  if (WORLDLY.some((pattern) => pattern.test(module.path))) return [];
  const allowed = new Set(['any', '!', 'as', 'lint escape']);
  return module.sightings
    .filter(({ what }) => !allowed.has(what))
    .map(({ what, line }) => `${module.path}:${line}: ${what}: only programs touch the world, pass it down`);
}

function ffiImporters(modules: readonly SourceModule[]): string[] {
  const users = modules.filter((module) => module.imports.some(({ specifier }) => specifier === FFI_PACKAGE));
  if (users.length === 1) return [];
  return [
    `${users.length} files import ${FFI_PACKAGE}, wanted exactly one: ${users.map(({ path }) => path).join(', ')}`,
  ];
}

function layerViolations(module: SourceModule): string[] {
  const layer = layerOf(module.path);
  if (layer === undefined) return [`${module.path}: its folder has no row in tools/layers.ts`];
  return module.imports.flatMap((edge) => {
    const problem = violation(module.path, layer, edge);
    return problem === undefined ? [] : [`${module.path}:${edge.line}: ${problem}`];
  });
}

function violation(path: string, layer: string, edge: ModuleImport): string | undefined {
  const { specifier } = edge;
  if (specifier === undefined) return 'import() of something computed cannot be checked';
  if (specifier.startsWith('.')) return folderViolation(path, layer, specifier);
  if (specifier.startsWith('node:'))
    return inFolders(layer, PURE) ? `${layer} is pure, ${specifier} is Node` : undefined;
  const allowed = PACKAGES[packageOf(specifier)];
  if (allowed === undefined) return `package ${specifier} has no row in tools/layers.ts`;
  return inFolders(layer, allowed) ? undefined : `${layer} may not import package ${specifier}`;
}

function folderViolation(path: string, layer: string, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith('src/')) return `product code may not import ${target}`;
  if (target.endsWith('.test.ts')) return `product code may not import a test: ${target}`;
  const targetLayer = layerOf(target);
  if (targetLayer === undefined) return `${target}: its folder has no row in tools/layers.ts`;
  const allowed = targetLayer === layer || inFolders(targetLayer, LAYERS[layer] ?? []);
  return allowed ? undefined : `${layer} may not import ${targetLayer}`;
}

/** The longest row of the table that holds the file. */
function layerOf(path: string): string | undefined {
  const folder = posix.dirname(path).replace(/^src\/?/, '');
  return Object.keys(LAYERS)
    .filter((layer) => inFolders(folder, [layer]))
    .sort((left, right) => right.length - left.length)[0];
}

function inFolders(folder: string, folders: readonly string[]): boolean {
  return folders.some((name) => folder === name || folder.startsWith(`${name}/`));
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
