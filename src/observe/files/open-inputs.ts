// Opens what a person named: files, `-`, pipes, folders with all that is below them. Everything that is wrong is said at once.
import { closeSync, fstatSync, openSync } from 'node:fs';
import type { ErrorCode } from '../../core/errors/catalogue.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { MemorySource } from '../../dumps/byte-source.ts';
import { recogniseDump } from '../../dumps/recognise-dump.ts';
import type { DumpInput } from './dump-input.ts';
import { FileSource } from './file-source.ts';
import { folderFiles, nodeInPath } from './folder-files.ts';
import { readPipe } from './read-pipe.ts';

const STDIN = '-';

/** Enough to meet a line of each kind where several follow each other. */
const HEAD_BYTES = 256 * 1024;
/** A pipe cannot be read twice: it is kept in memory. */
const MOST_PIPED_BYTES = 256 * 2 ** 20;

const WANTED = 'conntrack -L, iptables-save, nft list ruleset, ss -tulnp, sysctl -a, conntrack -S';

export interface InputOptions {
  /** All of stdin, or its first bytes when it is longer. */
  readonly readStdin: (mostBytes: number) => Promise<Uint8Array>;
}

interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Opens and recognises; the caller closes. Errors: PTL_INPUT_FILE, PTL_UNKNOWN_FILE, one line for each file. */
export async function openInputs(paths: readonly string[], options: InputOptions): Promise<readonly DumpInput[]> {
  const inputs: DumpInput[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const opened = path === STDIN ? await openStdin(options) : await openPath(path);
    if ('code' in opened) problems.push(opened);
    else inputs.push(...opened);
  }
  const [first] = problems;
  if (first === undefined) return inputs;
  for (const input of inputs) input.close();
  throw new PortolanError(first.code, problems.map(({ message }) => message).join('\n'), {
    hint: 'docs/reference/files.md says how to make each file',
  });
}

async function openStdin({ readStdin }: InputOptions): Promise<readonly DumpInput[] | Problem> {
  return recognised('stdin', await readStdin(MOST_PIPED_BYTES + 1));
}

async function openPath(path: string): Promise<readonly DumpInput[] | Problem> {
  const name = plainName(path);
  let descriptor: number | undefined;
  try {
    // O_NONBLOCK would make a pipe that nobody writes look empty: a person waits for it, Ctrl-C ends it.
    descriptor = openSync(path, 'r');
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) return await openFolder(path);
    if (stats.isFile()) return openFile(name, { descriptor, writtenAt: stats.mtimeMs });
    return recognised(name, await readPipe(descriptor, MOST_PIPED_BYTES + 1));
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    return unreadable(name, reasonOf(error));
  }
}

function openFile(
  name: string,
  { descriptor, writtenAt }: { readonly descriptor: number; readonly writtenAt: number },
): readonly DumpInput[] | Problem {
  const source = new FileSource(descriptor);
  const head = new Uint8Array(HEAD_BYTES);
  const known = recogniseDump(head.subarray(0, source.read(head, 0)));
  if ('refused' in known) {
    closeSync(descriptor);
    return unknown(name, known.refused);
  }
  return [{ name, kinds: known.kinds, source, writtenAt, close: () => source.close() }];
}

/** Files that are not known are left alone: people keep notes beside what they saved. */
async function openFolder(path: string): Promise<readonly DumpInput[] | Problem> {
  const { paths, refused } = folderFiles(path);
  if (refused !== undefined) return unreadable(plainName(path), refused);
  const inputs: DumpInput[] = [];
  for (const file of paths) {
    const opened = await openPath(file);
    if (!('code' in opened)) inputs.push(...opened.map((input) => ({ ...input, ...ofNode(file) })));
  }
  return inputs.length > 0 ? inputs : unknown(plainName(path), `none of its ${paths.length} files is known`);
}

function ofNode(path: string): Pick<DumpInput, 'node'> {
  const node = nodeInPath(path);
  return node === undefined ? {} : { node };
}

function recognised(name: string, bytes: Uint8Array): readonly DumpInput[] | Problem {
  if (bytes.length > MOST_PIPED_BYTES) return unreadable(name, 'more than 256 MiB through a pipe');
  const known = recogniseDump(bytes.subarray(0, HEAD_BYTES));
  if ('refused' in known) return unknown(name, known.refused);
  return [{ name, kinds: known.kinds, source: new MemorySource(bytes), writtenAt: undefined, close: () => {} }];
}

function unreadable(name: string, why: string): Problem {
  return { code: 'PTL_INPUT_FILE', message: `Cannot read ${name}: ${why}, wanted a file with one of: ${WANTED}` };
}

function unknown(name: string, why: string): Problem {
  return { code: 'PTL_UNKNOWN_FILE', message: `Cannot read ${name}: ${why}, wanted one of: ${WANTED}` };
}

/** Control characters of a path must not reach a terminal. */
function plainName(path: string): string {
  const plain = path.replaceAll(/\p{Cc}/gu, '?');
  return plain.length > 120 ? `...${plain.slice(-117)}` : plain;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
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
