// Takes the members of a bundle as they come out of its archive, and holds each to what the manifest says of it.
import { createHash, type Hash } from 'node:crypto';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import {
  BUNDLE_FOLDER,
  type BundleManifest,
  type BundleMember,
  INDEX_PATH,
  MANIFEST_PATH,
  type NodePart,
} from '../../protocol/bundle/bundle-manifest.ts';
import { decodeFlowColumns } from '../../protocol/bundle/flow-columns.ts';
import { parseClusterFacts, parseManifest, parseNodeFacts } from '../../protocol/bundle/parse-bundle.ts';
import type { TarEntry } from '../archive/tar-entry.ts';
import type { TarVisitor } from '../archive/tar-reader.ts';
import { bundleError } from './bundle-error.ts';
import type { Bundle, ChooseNodes, VisitNode } from './bundle.ts';

/** What 150,000 pods need, and more flows than any node holds. */
const MOST_JSON_BYTES = 128 * 2 ** 20;
const MOST_FLOW_BYTES = 512 * 2 ** 20;
/** Of all nodes that are read together. */
const MOST_KEPT_BYTES = 1024 * 2 ** 20;
/** The index is for people, the manifest has a line for each of 5,000 nodes. */
const MOST_INDEX_BYTES = 16 * 2 ** 20;

export interface BundleChoice {
  readonly choose: ChooseNodes;
  /** Called for each node where several are chosen; without it they are kept together. */
  readonly visit?: VisitNode | undefined;
}

interface Reading {
  readonly path: string;
  readonly content: Uint8Array;
  readonly hash: Hash;
  filled: number;
}

export class BundleCollector implements TarVisitor {
  readonly #name: string;
  readonly #choose: ChooseNodes;
  readonly #visit: VisitNode | undefined;
  readonly #seen = new Set<string>();
  readonly #kept = new Map<string, Uint8Array>();
  #manifest: BundleManifest | undefined;
  #chosen: readonly NodePart[] = [];
  #wanted: ReadonlySet<string> = new Set();
  #expected: ReadonlyMap<string, BundleMember> = new Map();
  /** The index comes before the manifest that answers for it. */
  #indexHash: string | undefined;
  #reading: Reading | undefined;

  constructor(name: string, { choose, visit }: BundleChoice) {
    this.#name = name;
    this.#choose = choose;
    this.#visit = visit;
  }

  /** Whether an archive whose first file this is can only be a bundle. */
  static begins({ path }: TarEntry): boolean {
    return path.startsWith(`${BUNDLE_FOLDER}/`);
  }

  entry({ path, bytes, refused }: TarEntry): boolean {
    if (refused !== undefined) throw this.#error(`it holds an entry ${refused}`);
    if (this.#seen.has(path)) throw this.#error(`${path} is in it twice`);
    if (this.#manifest === undefined && path !== INDEX_PATH && path !== MANIFEST_PATH)
      throw this.#error('bundle.json is not before what it speaks of: the archive was packed anew');
    const member = this.#expected.get(path);
    // What a later version adds is left alone.
    if (this.#manifest !== undefined && member === undefined) return false;
    if (member !== undefined && member.bytes !== bytes)
      throw this.#error(`${path} has ${bytes} bytes, its manifest says ${member.bytes}`);
    const most = mostBytes(path);
    if (bytes > most) throw this.#error(`${path} has ${bytes} bytes, more than ${most}`);
    this.#seen.add(path);
    const isKept = member === undefined || this.#wanted.has(path);
    this.#reading = { path, content: new Uint8Array(isKept ? bytes : 0), hash: createHash('sha256'), filled: 0 };
    return true;
  }

  content(piece: Uint8Array): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    reading.hash.update(piece);
    if (reading.content.length > 0) reading.content.set(piece, reading.filled);
    reading.filled += piece.length;
  }

  end(): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    this.#reading = undefined;
    const { path, content } = reading;
    const sha256 = reading.hash.digest('hex');
    if (path === INDEX_PATH && this.#manifest === undefined) this.#indexHash = sha256;
    else if (path === MANIFEST_PATH) this.#readManifest(content);
    else this.#keep(path, { sha256, content });
  }

  /** How far a bundle that ends too early goes. */
  progress(): string {
    const parts = this.#expected.size;
    const whole = [...this.#seen].filter((path) => this.#expected.has(path) && path !== this.#reading?.path).length;
    return parts === 0 ? 'before its bundle.json' : `after ${whole} of ${parts} members`;
  }

  /** Errors: PTL_BUNDLE when something is missing. */
  finish(): Bundle {
    const manifest = this.#manifest;
    if (manifest === undefined) throw this.#error('bundle.json is missing');
    const missing = manifest.members.filter(({ path }) => !this.#seen.has(path)).map(({ path }) => path);
    if (missing.length > 0)
      throw this.#error(
        `${missing.slice(0, 3).join(', ')} missing: ${missing.length} of ${manifest.members.length} members`,
      );
    const { cluster } = manifest;
    return {
      manifest,
      nodes: this.#visits ? [] : this.#chosen.map((part) => this.#factsOf(part)),
      cluster:
        cluster === undefined
          ? undefined
          : parseClusterFacts(this.#textOf(cluster.factsPath), `${this.#name}, ${cluster.factsPath}`),
    };
  }

  #readManifest(content: Uint8Array): void {
    const manifest = parseManifest(new TextDecoder().decode(content), `${this.#name}, bundle.json`);
    this.#expected = new Map(manifest.members.map((member) => [member.path, member]));
    if (this.#expected.size !== manifest.members.length) throw this.#error('bundle.json names a member twice');
    const index = this.#expected.get(INDEX_PATH);
    if (this.#indexHash !== undefined && index !== undefined && index.sha256 !== this.#indexHash)
      throw this.#error(`${INDEX_PATH} is not what was written: its checksum differs`);
    this.#manifest = manifest;
    this.#chosen = this.#choose(manifest);
    this.#wanted = this.#wantedOf(manifest);
    const bytes = manifest.members.reduce((sum, { path, bytes: size }) => sum + (this.#wanted.has(path) ? size : 0), 0);
    if (bytes > MOST_KEPT_BYTES && !this.#visits)
      throw this.#error(`${bytes} bytes of facts in it, more than fit: name one node with --node`);
  }

  #wantedOf({ cluster }: BundleManifest): ReadonlySet<string> {
    return new Set([
      ...this.#chosen.flatMap(({ factsPath, flowsPath }) => [factsPath, flowsPath]),
      ...(cluster === undefined ? [] : [cluster.factsPath]),
    ]);
  }

  #keep(path: string, { sha256, content }: { readonly sha256: string; readonly content: Uint8Array }): void {
    if (this.#expected.get(path)?.sha256 !== sha256)
      throw this.#error(`${path} is not what was written: its checksum differs`);
    if (!this.#wanted.has(path)) return;
    this.#kept.set(path, content);
    if (this.#visits) this.#visitWhole(path);
  }

  get #visits(): boolean {
    return this.#visit !== undefined && this.#chosen.length > 1;
  }

  /** A node is whole when the second of its members is there. */
  #visitWhole(path: string): void {
    const part = this.#chosen.find(({ factsPath, flowsPath }) => path === factsPath || path === flowsPath);
    if (part === undefined || !this.#kept.has(part.factsPath) || !this.#kept.has(part.flowsPath)) return;
    this.#visit?.(this.#factsOf(part));
    this.#kept.delete(part.factsPath);
    this.#kept.delete(part.flowsPath);
  }

  #factsOf(part: NodePart): NodeFacts {
    const facts = parseNodeFacts(this.#textOf(part.factsPath), `${this.#name}, ${part.factsPath}`);
    if (facts.node !== part.node) throw this.#error(`${part.factsPath} is about ${facts.node}, wanted ${part.node}`);
    const flows = decodeFlowColumns(this.#bytesOf(part.flowsPath));
    if ('refused' in flows) throw this.#error(`${part.flowsPath}: ${flows.refused}`);
    return { ...facts, flows };
  }

  #textOf(path: string): string {
    return new TextDecoder().decode(this.#bytesOf(path));
  }

  #bytesOf(path: string): Uint8Array {
    const bytes = this.#kept.get(path);
    if (bytes === undefined) throw this.#error(`bundle.json speaks of ${path} and does not list it`);
    return bytes;
  }

  #error(why: string) {
    return bundleError(this.#name, why);
  }
}

function mostBytes(path: string): number {
  if (path === INDEX_PATH || path === MANIFEST_PATH) return MOST_INDEX_BYTES;
  return path.endsWith('.json') ? MOST_JSON_BYTES : MOST_FLOW_BYTES;
}
