// Import cycles, type-only imports included: two files that need each other are one file, or lack a third.
import { posix } from 'node:path';
import type { SourceModule } from './source-module.ts';

/** Each cycle once, as the paths on it, the first repeated at the end. Worker URLs are no imports and close no cycle. */
export function importCycles(modules: readonly SourceModule[]): string[][] {
  const graph = new Map(modules.map((module) => [module.path, targetsOf(module)]));
  const finished = new Set<string>();
  const cycles: string[][] = [];
  const trail: string[] = [];
  const visit = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path]);
      return;
    }
    if (finished.has(path)) return;
    trail.push(path);
    for (const target of graph.get(path) ?? []) visit(target);
    trail.pop();
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}

function targetsOf(module: SourceModule): string[] {
  const targets = module.imports.flatMap(({ specifier, kind }) =>
    kind !== 'url' && specifier !== undefined && specifier.startsWith('.')
      ? [posix.join(posix.dirname(module.path), specifier)]
      : [],
  );
  return [...new Set(targets)];
}
