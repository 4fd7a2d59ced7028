// Reads an archive once, from its first byte to its last: a bundle of ours, or files of other people.
import { PortolanError } from '../core/errors/portolan-error.ts';
import type { ArchiveForm } from './archive/archive-form.ts';
import { isTar } from './archive/archive-form.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './archive/archive-limits.ts';
import type { ArchiveContent } from './archive/archive-member.ts';
import { inflate } from './archive/inflate.ts';
import { MemberCollector } from './archive/member-collector.ts';
import { TarReader, type TarVisitor } from './archive/tar-reader.ts';
import { BundleCollector, type BundleChoice } from './bundle/bundle-collector.ts';
import { bundleError } from './bundle/bundle-error.ts';
import type { Bundle } from './bundle/bundle.ts';

/** Which nodes, where it is a bundle. */
export interface ReadArchiveOptions extends BundleChoice {
  /** What the archive is called in messages. */
  readonly name: string;
  readonly form: ArchiveForm;
  readonly limits?: ArchiveLimits;
}

/** Exactly one of the two. */
export type ReadArchive = { readonly bundle: Bundle } | { readonly content: ArchiveContent };

/** Enough to know a tar by. */
const BLOCK_BYTES = 512;

/** Errors: PTL_ARCHIVE, PTL_BUNDLE, PTL_NO_SUCH_NODE. */
export async function readArchive(
  bytes: AsyncIterable<Uint8Array>,
  { name, form, choose, visit, limits = ARCHIVE_LIMITS }: ReadArchiveOptions,
): Promise<ReadArchive> {
  const visitor = new ArchiveVisitor(name, { choose, visit, limits });
  try {
    await feed(form === 'gzip' ? inflate(bytes, { name, limits }) : bytes, { name, visitor, limits });
  } catch (error) {
    throw visitor.isBundle && error instanceof PortolanError && error.code === 'PTL_ARCHIVE'
      ? bundleError(name, `${whyOf(error, name)}, ${visitor.progress()}`, error)
      : error;
  }
  return visitor.finish();
}

interface Feeding {
  readonly name: string;
  readonly visitor: ArchiveVisitor;
  readonly limits: ArchiveLimits;
}

async function feed(chunks: AsyncIterable<Uint8Array>, { name, visitor, limits }: Feeding): Promise<void> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  let tar: TarReader | undefined;
  const write = (bytes: Uint8Array): void => (tar === undefined ? visitor.content(bytes) : tar.write(bytes));
  const settle = (start: Uint8Array): void => {
    head = undefined;
    if (isTar(start)) tar = new TarReader(visitor, { name, limits });
    else visitor.beginSingle();
    write(start);
  };
  for await (const chunk of chunks) {
    if (head === undefined) write(chunk);
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length >= BLOCK_BYTES) settle(head);
    }
  }
  if (head !== undefined) settle(head);
  if (tar === undefined) visitor.end();
  else tar.end();
}

/** The message of an archive's error without its frame. */
function whyOf({ message }: PortolanError, name: string): string {
  return message
    .slice(`Cannot read ${name}: `.length)
    .replace(/, wanted .*$/s, '')
    .replace(/, after .*$/s, '');
}

/** The first file of an archive tells whose it is. */
class ArchiveVisitor implements TarVisitor {
  readonly #members: MemberCollector;
  readonly #makeBundle: () => BundleCollector;
  #bundle: BundleCollector | undefined;
  #isFirst = true;

  constructor(name: string, { limits, ...choice }: BundleChoice & { readonly limits: ArchiveLimits }) {
    this.#members = new MemberCollector(name, limits);
    this.#makeBundle = () => new BundleCollector(name, choice);
  }

  get isBundle(): boolean {
    return this.#bundle !== undefined;
  }

  progress(): string {
    return this.#bundle?.progress() ?? '';
  }

  /** A file that was compressed alone. */
  beginSingle(): void {
    this.#members.begin('', undefined);
  }

  entry(entry: Parameters<TarVisitor['entry']>[0]): boolean {
    if (this.#isFirst && BundleCollector.begins(entry)) this.#bundle = this.#makeBundle();
    this.#isFirst = false;
    return (this.#bundle ?? this.#members).entry(entry);
  }

  content(piece: Uint8Array): void {
    (this.#bundle ?? this.#members).content(piece);
  }

  end(): void {
    (this.#bundle ?? this.#members).end();
  }

  finish(): ReadArchive {
    return this.#bundle === undefined ? { content: this.#members.finish() } : { bundle: this.#bundle.finish() };
  }
}
