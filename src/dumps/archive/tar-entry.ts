// One entry of an archive, and whether its content may be looked at.
import type { TarHeader } from './parse-tar-header.ts';

export interface TarEntry {
  /** As written, without a leading `./`. */
  readonly path: string;
  readonly bytes: number;
  /** Wall-clock milliseconds. */
  readonly modifiedAt: number;
  /** Why it is not read; undefined for a file that is. */
  readonly refused: string | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a pipe',
  S: 'a sparse file',
};

/** A folder says nothing and is no entry: undefined. */
export function tarEntry(header: TarHeader, pathLength: number): TarEntry | undefined {
  if (header.type === '5' || (header.type === '0' && header.path.endsWith('/'))) return undefined;
  const path = header.path.replace(/^(?:\.\/)+/, '');
  const { bytes, modifiedAt } = header;
  return { path, bytes, modifiedAt, refused: pathProblem(path, pathLength) ?? typeProblem(header.type) };
}

function typeProblem(type: string): string | undefined {
  return type === '0' ? undefined : (TYPES[type] ?? 'of an unknown type');
}

/** Nothing is ever written, so such a path could do no harm; an archive that has one was made to. */
function pathProblem(path: string, pathLength: number): string | undefined {
  if (path.length > pathLength) return 'with a path that is too long';
  if (path === '' || path.includes('\0')) return 'without a path';
  if (path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:/.test(path)) return 'with an absolute path';
  return path.split(/[\\/]/).includes('..') ? 'with a path that leaves the archive' : undefined;
}
