// An archive that a person named, read once from its first byte to its last.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ArchiveForm } from '../../dumps/archive/archive-form.ts';
import type { ArchiveContent } from '../../dumps/archive/archive-member.ts';
import { readArchive } from '../../dumps/read-archive.ts';
import { passedOverMembers } from './dump-gaps.ts';
import type { DumpInput } from './dump-input.ts';
import { nodeInPath } from './folder-files.ts';
import { type InputOptions, type Opened, plainName, type Problem, unknown } from './opened.ts';

export interface ArchiveOpening {
  readonly name: string;
  readonly form: ArchiveForm;
  /** When the archive was, for a file in it that has no time of its own; wall-clock milliseconds. */
  readonly writtenAt: number | undefined;
  readonly options: InputOptions;
}

/** Reads it to its end; what is known of it stays in memory. */
export async function openArchive(
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

function nodeOf(path: string): Pick<DumpInput, 'node'> {
  const node = nodeInPath(path);
  return node === undefined ? {} : { node };
}
