// Writes a bundle to disk: for its owner alone, whole or not at all, and never over something else unasked.
import { linkSync, lstatSync, openSync, closeSync, renameSync, rmSync, fsyncSync, writeSync } from 'node:fs';
import { PortolanError } from '../../core/errors/portolan-error.ts';

export interface BundleFile {
  readonly path: string;
  /** Replace a file that is there. */
  readonly force: boolean;
}

/** Says that the file could not be written before anything is read. Errors: PTL_BUNDLE. */
export function checkBundleFile({ path, force }: BundleFile): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile()) throw fileError(path, 'it is there and is no regular file', 'a new file');
  if (!force) throw fileError(path, 'it is there', 'a new file, or --force to replace it');
}

/** Errors: PTL_BUNDLE. */
export function writeBundleFile(file: BundleFile, pieces: readonly Uint8Array[]): void {
  checkBundleFile(file);
  const draft = `${file.path}.${process.pid}.new`;
  try {
    writeDraft(draft, pieces);
    // A link fails where a file has appeared since it was looked for.
    if (file.force) renameSync(draft, file.path);
    else linkSync(draft, file.path);
  } catch (error) {
    throw fileError(file.path, codeOf(error), 'a folder that can be written, with room');
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDraft(path: string, pieces: readonly Uint8Array[]): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; ) at += writeSync(descriptor, piece, at);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function fileError(path: string, given: string, wanted: string): PortolanError {
  return new PortolanError('PTL_BUNDLE', `Cannot write ${path}: ${given}, wanted ${wanted}`, {
    hint: 'name another file: -o FILE',
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
