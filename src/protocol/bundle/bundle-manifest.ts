// bundle.json: what a bundle holds, said before anything else in it is read.

export const BUNDLE_VERSION = 1;
export const BUNDLE_SCHEMA = `portolan.dev/bundle/v${BUNDLE_VERSION}`;

/** Folder that all members lie in, so that unpacking makes one folder. */
export const BUNDLE_FOLDER = 'portolan-bundle';
export const INDEX_PATH = `${BUNDLE_FOLDER}/index.txt`;
export const MANIFEST_PATH = `${BUNDLE_FOLDER}/bundle.json`;
export const CLUSTER_PATH = `${BUNDLE_FOLDER}/cluster.json`;

export const REDACTIONS = ['none', 'pseudonyms'] as const;
/** `pseudonyms`: names and addresses stand for others, the same ones throughout. */
export type Redaction = (typeof REDACTIONS)[number];

/** One node of a bundle. */
export interface NodePart {
  readonly node: string;
  /** ISO 8601. */
  readonly at: string;
  /** What was read and is in it: `flows (ctnetlink)`, `counters`, ... */
  readonly sources: readonly string[];
  readonly flows: number;
  /** False: something was not seen; the gaps in its facts say what. */
  readonly complete: boolean;
  readonly gaps: number;
  /** Paths of its members. */
  readonly factsPath: string;
  readonly flowsPath: string;
}

/** A cluster's own part. */
export interface ClusterPart {
  readonly cluster: string;
  readonly at: string;
  readonly factsPath: string;
}

/** A file of the archive that the manifest answers for. */
export interface BundleMember {
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface BundleManifest {
  readonly schema: typeof BUNDLE_SCHEMA;
  /** `portolan 0.1.0`. */
  readonly tool: string;
  /** When it was put together, ISO 8601. */
  readonly at: string;
  readonly redaction: Redaction;
  readonly nodes: readonly NodePart[];
  readonly cluster?: ClusterPart;
  readonly members: readonly BundleMember[];
}

/** Whether the facts of one node come from several of its members. */
export function pathsOfNode(number: number): Pick<NodePart, 'factsPath' | 'flowsPath'> {
  const folder = `${BUNDLE_FOLDER}/nodes/${number}`;
  return { factsPath: `${folder}/facts.json`, flowsPath: `${folder}/flows.bin` };
}
