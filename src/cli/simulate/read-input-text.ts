// The text of a file that a person named, or of stdin: bounded, UTF-8, with one clear line for everything that can be wrong.
import { open } from 'node:fs/promises';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { formatInteger } from '../../present/number-text.ts';
import { plainLine } from '../scenario-file/problem-list.ts';
import type { Surroundings } from '../surroundings.ts';

export const STDIN = '-';

export interface InputTextOptions {
  /** What the file should hold: `a scenario file`. */
  readonly wanted: string;
  readonly mostBytes: number;
  readonly readStdin: Surroundings['readStdin'];
}

/** Errors: PTL_INPUT_FILE. */
export async function readInputText(path: string, options: InputTextOptions): Promise<string> {
  const { wanted, mostBytes } = options;
  const refuse = (what: string, cause?: unknown): PortolanError =>
    new PortolanError(
      'PTL_INPUT_FILE',
      `Cannot read ${path === STDIN ? 'stdin' : plainLine(path)}: ${what}, wanted ${wanted}`,
      { cause },
    );
  const bytes = await readBytes(path, options).catch((error: unknown) => {
    throw refuse(reasonOf(error), error);
  });
  if (bytes.length > mostBytes) throw refuse(`more than ${formatInteger(mostBytes)} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw refuse('not UTF-8 text', error);
  }
}

/** One byte more than allowed at most: a device or a pipe may never end. */
async function readBytes(path: string, { mostBytes, readStdin }: InputTextOptions): Promise<Uint8Array> {
  if (path === STDIN) return readStdin(mostBytes + 1);
  const file = await open(path);
  try {
    const buffer = new Uint8Array(mostBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a directory',
  EACCES: 'no permission',
  EPERM: 'no permission',
  ELOOP: 'links that lead in a circle',
  ENAMETOOLONG: 'a name that is too long',
  ERR_INVALID_ARG_VALUE: 'no path',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined ? String(error) : (REASONS[code] ?? code);
}
