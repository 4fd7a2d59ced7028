// A bundle as read: its manifest, the facts of the nodes that were asked for, those of the cluster where there are any.
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { BundleManifest, NodePart } from '../../protocol/bundle/bundle-manifest.ts';

export interface Bundle {
  readonly manifest: BundleManifest;
  /** In the order of the manifest; none where each was handed to a visitor. */
  readonly nodes: readonly NodeFacts[];
  readonly cluster: ClusterFacts | undefined;
}

/** Which of a bundle's nodes to read; it may throw. */
export type ChooseNodes = (manifest: BundleManifest) => readonly NodePart[];

/** Takes the facts of each node of several, which are dropped then. */
export type VisitNode = (facts: NodeFacts) => void;
