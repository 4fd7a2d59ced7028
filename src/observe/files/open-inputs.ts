// Opens what a person named: files, archives, `-`, pipes, folders with all that is below them. Everything that is wrong is said at
// once.
import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs';
import type { ErrorCode } from '../../core/errors/catalogue.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Gap } from '../../core/model/gap.ts';
import { type ArchiveForm, archiveForm } from '../../dumps/archive/archive-form.ts';
import type { ArchiveContent } from '../../dumps/archive/archive-member.ts';
import type { Bundle, ChooseNodes, VisitNode } from '../../dumps/bundle/bundle.ts';
import { MemorySource } from '../../dumps/byte-source.ts';
import { readArchive } from '../../dumps/read-archive.ts';
import { recogniseDump } from '../../dumps/recognise-dump.ts';
import { passedOverMembers } from './dump-gaps.ts';
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
  /** Which nodes of a bundle to read, by what the bundle is called. */
  readonly choose: (name: string) => ChooseNodes;
  /** Takes the nodes of a bundle where several are chosen. */
  readonly visit?: VisitNode | undefined;
}

/** What was opened: files to read, and bundles, which are read already. */
export interface Opened {
  readonly inputs: readonly DumpInput[];
  readonly bundles: readonly NamedBundle[];
  /** Parts of archives that were passed over. */
  readonly gaps: readonly Gap[];
}

export interface NamedBundle {
  readonly name: string;
  readonly bundle: Bundle;
}

interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * Opens and recognises; the caller closes. Errors: PTL_INPUT_FILE, PTL_UNKNOWN_FILE, PTL_ARCHIVE, PTL_BUNDLE,
 * PTL_NO_SUCH_NODE, one line for each file.
 */
export async function openInputs(paths: readonly string[], options: InputOptions): Promise<Opened> {
  const opened: Opened[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const found = path === STDIN ? await openStdin(options) : await openPath(path, options);
    if ('code' in found) problems.push(found);
    else opened.push(found);
  }
  const [first] = problems;
  if (first === undefined) return joined(opened);
  for (const input of joined(opened).inputs) input.close();
  throw new PortolanError(first.code, problems.map(({ message }) => message).join('\n'), {
    hint: first.hint ?? 'docs/reference/files.md says how to make each file',
  });
}

function joined(opened: readonly Opened[]): Opened {
  return {
    inputs: opened.flatMap(({ inputs }) => inputs),
    bundles: opened.flatMap(({ bundles }) => bundles),
    gaps: opened.flatMap(({ gaps }) => gaps),
  };
}

function only(input: DumpInput): Opened {
  return { inputs: [input], bundles: [], gaps: [] };
}

async function openStdin(options: InputOptions): Promise<Opened | Problem> {
  return recognised('stdin', await options.readStdin(MOST_PIPED_BYTES + 1), options);
}

async function openPath(path: string, options: InputOptions): Promise<Opened | Problem> {
  const name = plainName(path);
  let descriptor: number | undefined;
  try {
    // O_NONBLOCK would make a pipe that nobody writes look empty: a person waits for it, Ctrl-C ends it.
    descriptor = openSync(path, 'r');
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) return await openFolder(path, options);
    if (stats.isFile()) return ofNode(path, await openFile(name, { descriptor, writtenAt: stats.mtimeMs }, options));
    return await recognised(name, await readPipe(descriptor, MOST_PIPED_BYTES + 1), options);
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    return unreadable(name, reasonOf(error));
  }
}

async function openFile(
  name: string,
  { descriptor, writtenAt }: { readonly descriptor: number; readonly writtenAt: number },
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
  return only({ name, kinds: known.kinds, source, writtenAt, close: () => source.close() });
}

interface ArchiveOpening {
  readonly name: string;
  readonly form: ArchiveForm;
  /** When the archive was, for a file in it that has no time of its own; wall-clock milliseconds. */
  readonly writtenAt: number | undefined;
  readonly options: InputOptions;
}

function nodeOf(path: string): Pick<DumpInput, 'node'> {
  const node = nodeInPath(path);
  return node === undefined ? {} : { node };
}

/** Reads it to its end; what is known of it stays in memory. */
async function openArchive(
  bytes: AsyncIterable<Uint8Array>,
  { name, form, writtenAt, options }: ArchiveOpening,
): Promise<Opened | Problem> {
  try {
    const read = await readArchive(bytes, { name, form, choose: options.choose(name), visit: options.visit });
    if ('bundle' in read) return { inputs: [], bundles: [{ name, bundle: read.bundle }], gaps: [] };
    return openedMembers(read.content, { name, writtenAt });
  } catch (error) {
    if (error instanceof PortolanError) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
}

function openedMembers(
  { members, passedOver, unknown: unknownMembers, firstRefusal }: ArchiveContent,
  { name, writtenAt }: Pick<ArchiveOpening, 'name' | 'writtenAt'>,
): Opened | Problem {
  const isSingle = members[0]?.path === '' || (members.length === 0 && unknownMembers === 1);
  if (members.length === 0)
    return unknown(
      name,
      isSingle ? (firstRefusal ?? '') : `none of its ${unknownMembers + passedOver.length} files is known`,
    );
  const inputs = members.map(({ path, kinds, source, modifiedAt }) => ({
    name: path === '' ? name : plainName(`${name}:${path}`),
    ...nodeOf(path),
    kinds,
    source,
    writtenAt: modifiedAt ?? writtenAt,
    close: () => {},
  }));
  return {
    inputs,
    bundles: [],
    gaps:
      passedOver.length === 0
        ? []
        : [
            passedOverMembers(
              name,
              passedOver.map(({ path, why }) => `${plainName(path)}, ${why}`),
            ),
          ],
  };
}

/** Files that are not known are left alone: people keep notes beside what they saved. */
async function openFolder(path: string, options: InputOptions): Promise<Opened | Problem> {
  const { paths, refused } = folderFiles(path);
  if (refused !== undefined) return unreadable(plainName(path), refused);
  const opened: Opened[] = [];
  for (const file of paths) {
    const found = await openPath(file, options);
    if (!('code' in found)) opened.push(found);
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

async function recognised(name: string, bytes: Uint8Array, options: InputOptions): Promise<Opened | Problem> {
  if (bytes.length > MOST_PIPED_BYTES) return unreadable(name, 'more than 256 MiB through a pipe');
  const head = bytes.subarray(0, HEAD_BYTES);
  const form = archiveForm(head);
  if (typeof form === 'string') return openArchive(inPieces(bytes), { name, form, writtenAt: undefined, options });
  const known = form ?? recogniseDump(head, name);
  if ('refused' in known) return unknown(name, known.refused);
  return only({ name, kinds: known.kinds, source: new MemorySource(bytes), writtenAt: undefined, close: () => {} });
}

/** Small enough that decompression never gets far ahead of what it was given. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += HEAD_BYTES) yield bytes.subarray(at, at + HEAD_BYTES);
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
