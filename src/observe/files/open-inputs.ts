// Opens what a person named: files, archives, `-`, pipes, folders with all that is below them. Everything that is wrong is said at
// once.
import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { archiveForm } from '../../dumps/archive/archive-form.ts';
import { recogniseDump } from '../../dumps/recognise-dump.ts';
import { FileSource } from './file-source.ts';
import { folderFiles, nodeInPath } from './folder-files.ts';
import { openArchive } from './open-archive.ts';
import { beginPipe, isFlows, MOST_KEPT_BYTES, openPipe, type Pipe, pourFlows } from './open-pipe.ts';
import {
  HEAD_BYTES,
  type InputOptions,
  joined,
  only,
  type Opened,
  plainName,
  type Problem,
  unknown,
  unreadable,
} from './opened.ts';

const STDIN = '-';

/**
 * Opens and recognises; the caller closes. Errors: PTL_INPUT_FILE, PTL_UNKNOWN_FILE, PTL_ARCHIVE, PTL_BUNDLE,
 * PTL_NO_SUCH_NODE, one line for each file.
 */
export async function openInputs(paths: readonly string[], options: InputOptions): Promise<Opened> {
  const found: (Opened | Problem | Pipe)[] = [];
  for (const path of paths)
    found.push(path === STDIN ? await beginPipe('stdin', stdinOf(options)) : await openPath(path, options));
  const opened = await openPipes(found, options);
  const problems = opened.filter((each) => 'code' in each);
  const whole = joined(opened.filter((each) => 'inputs' in each));
  const [first] = problems;
  if (first === undefined) return whole;
  for (const input of whole.inputs) input.close();
  throw new PortolanError(first.code, problems.map(({ message }) => message).join('\n'), {
    hint: first.hint ?? 'docs/reference/files.md says how to make each file',
  });
}

/** Pipes of flows come last: which addresses are the node's own may stand in any other file. */
async function openPipes(
  found: readonly (Opened | Problem | Pipe)[],
  options: InputOptions,
): Promise<readonly (Opened | Problem)[]> {
  const opened: (Opened | Problem | Pipe)[] = [];
  for (const each of found)
    opened.push(
      'chunks' in each && !(isFlows(each) && options.flowReader !== undefined) ? await openPipe(each, options) : each,
    );
  const others = opened.filter((each) => !('chunks' in each));
  const isRefused = others.some((each) => 'code' in each);
  const { inputs } = joined(others.filter((each) => 'inputs' in each));
  const reader = others.length < opened.length ? options.flowReader?.(inputs) : undefined;
  const poured: (Opened | Problem)[] = [];
  for (const each of opened) {
    if (!('chunks' in each)) poured.push(each);
    else if (isRefused || reader === undefined) await each.leave();
    else poured.push({ ...(await pourFlows(each, reader)), piped: reader });
  }
  return poured;
}

async function* stdinOf({ readStdin }: InputOptions): AsyncGenerator<Uint8Array> {
  const bytes = await readStdin(MOST_KEPT_BYTES + 1);
  if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}

async function openPath(path: string, options: InputOptions): Promise<Opened | Problem | Pipe> {
  const name = plainName(path);
  let descriptor: number | undefined;
  try {
    // O_NONBLOCK would make a pipe that nobody writes look empty: a person waits for it, Ctrl-C ends it.
    descriptor = openSync(path, 'r');
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) return await openFolder(path, options);
    if (stats.isFile())
      return ofNode(path, await openFile(name, { descriptor, writtenAt: stats.mtimeMs, bytes: stats.size }, options));
    return await beginPipe(name, createReadStream('', { fd: descriptor }));
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    return unreadable(name, reasonOf(error));
  }
}

async function openFile(
  name: string,
  { descriptor, writtenAt, bytes }: { readonly descriptor: number; readonly writtenAt: number; readonly bytes: number },
  options: InputOptions,
): Promise<Opened | Problem> {
  const source = new FileSource(descriptor);
  const head = new Uint8Array(HEAD_BYTES);
  const start = head.subarray(0, source.read(head, 0));
  const form = archiveForm(start);
  if (typeof form === 'string')
    return openArchive(createReadStream('', { fd: descriptor, start: 0 }), { name, form, writtenAt, options });
  const known = form ?? recogniseDump(start, name);
  if ('refused' in known) {
    closeSync(descriptor);
    return unknown(name, known.refused);
  }
  return only({ name, kinds: known.kinds, source, writtenAt, bytes, close: () => source.close() });
}

/** Files that are not known are left alone: people keep notes beside what they saved. */
async function openFolder(path: string, options: InputOptions): Promise<Opened | Problem> {
  const { paths, refused } = folderFiles(path);
  if (refused !== undefined) return unreadable(plainName(path), refused);
  const opened: Opened[] = [];
  for (const file of paths) {
    const found = await openPath(file, options);
    if ('inputs' in found) opened.push(found);
  }
  if (opened.length === 0) return unknown(plainName(path), `none of its ${paths.length} files is known`);
  return joined(opened);
}

/** With the node that the path names, where it names one. */
function ofNode(path: string, opened: Opened | Problem): Opened | Problem {
  const node = nodeInPath(path);
  if (node === undefined || 'code' in opened) return opened;
  return { ...opened, inputs: opened.inputs.map((input) => ({ node, ...input })) };
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
