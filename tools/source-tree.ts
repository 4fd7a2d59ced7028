// The TypeScript files of a checkout, parsed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseModule, type SourceModule } from './source-module.ts';

const FOLDERS = ['src', 'test', 'bench', 'tools'];

/** Every .ts file of the source folders below `root`, parsed, in path order. */
export function sourceTree(root: string): SourceModule[] {
  return FOLDERS.flatMap((folder) => typescriptFiles(join(root, folder)))
    .map((file) => relative(root, file))
    .sort()
    .map((path) => parseModule(path, readFileSync(join(root, path), 'utf8')));
}

function typescriptFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
