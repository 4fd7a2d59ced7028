// Puts a bundle together. Each member is compressed as it comes, as a gzip stream of its own: what is kept of a node until the
// manifest can be written is its compressed part. gzip streams one after another are one gzip file (RFC 1952, 2.2).
import { createHash } from 'node:crypto';
import { constants, gzipSync } from 'node:zlib';
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import {
  BUNDLE_SCHEMA,
  type BundleManifest,
  type BundleMember,
  CLUSTER_PATH,
  type ClusterPart,
  INDEX_PATH,
  MANIFEST_PATH,
  type NodePart,
  type Redaction,
} from '../../protocol/bundle/bundle-manifest.ts';
import { encodeFlowColumns } from '../../protocol/bundle/flow-columns.ts';
import { indexText } from '../../protocol/bundle/index-text.ts';
import { nodePart } from '../../protocol/bundle/node-part.ts';
import { clusterFactsJson, manifestJson, nodeFactsJson } from '../../protocol/bundle/write-json.ts';
import { TAR_END, tarEntryBytes } from './tar-entry-bytes.ts';

export interface BundleWriterOptions {
  /** ISO 8601. */
  readonly at: string;
  /** `portolan 0.1.0`. */
  readonly tool: string;
  readonly redaction: Redaction;
}

export interface WrittenBundle {
  readonly manifest: BundleManifest;
  /** The file, in pieces. */
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
}

export class BundleWriter {
  readonly #options: BundleWriterOptions;
  readonly #nodes: NodePart[] = [];
  readonly #members: BundleMember[] = [];
  readonly #pieces: Uint8Array[] = [];
  #cluster: ClusterPart | undefined;

  constructor(options: BundleWriterOptions) {
    this.#options = options;
  }

  addNode(facts: NodeFacts): void {
    const part = nodePart(facts, this.#nodes.length + 1);
    this.#nodes.push(part);
    this.#pieces.push(this.#member(part.factsPath, utf8(nodeFactsJson(facts))));
    this.#pieces.push(this.#member(part.flowsPath, encodeFlowColumns(facts.flows), FLOW_COMPRESSION));
  }

  addCluster(facts: ClusterFacts): void {
    this.#cluster = { cluster: facts.cluster, at: facts.at, factsPath: CLUSTER_PATH };
    this.#pieces.push(this.#member(CLUSTER_PATH, utf8(clusterFactsJson(facts))));
  }

  /** The whole file; nothing may be added afterwards. */
  finish(): WrittenBundle {
    const subject = {
      ...this.#options,
      nodes: this.#nodes,
      ...(this.#cluster === undefined ? {} : { cluster: this.#cluster }),
    };
    const index = this.#member(INDEX_PATH, utf8(indexText(subject)));
    const manifest: BundleManifest = { schema: BUNDLE_SCHEMA, ...subject, members: this.#members };
    const pieces = [
      index,
      this.#compressed(MANIFEST_PATH, utf8(manifestJson(manifest))),
      ...this.#pieces,
      gzipSync(TAR_END),
    ];
    return { manifest, pieces, bytes: pieces.reduce((sum, piece) => sum + piece.length, 0) };
  }

  #member(path: string, content: Uint8Array, compression?: typeof FLOW_COMPRESSION): Uint8Array {
    const sha256 = createHash('sha256').update(content).digest('hex');
    this.#members.push({ path, bytes: content.length, sha256 });
    return this.#compressed(path, content, compression);
  }

  #compressed(path: string, content: Uint8Array, compression?: typeof FLOW_COMPRESSION): Uint8Array {
    const modifiedAt = Date.parse(this.#options.at) / 1000;
    return gzipSync(tarEntryBytes({ path, content, modifiedAt }), compression);
  }
}

/**
 * Ports, ids and times of flows are next to random: searching for repetitions takes seven times as long and finds less than
 * one byte in a hundred (npm run bench -- bundle).
 */
const FLOW_COMPRESSION = { strategy: constants.Z_RLE };

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
