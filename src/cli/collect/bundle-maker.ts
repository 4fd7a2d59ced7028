// Puts a bundle together from facts, with pseudonyms in them where that is wanted: one set of them for all parts.
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { KeyedHash } from '../../core/redact/keyed-hash.ts';
import { Pseudonyms } from '../../core/redact/pseudonyms.ts';
import { redactClusterFacts } from '../../core/redact/redact-cluster-facts.ts';
import { redactNodeFacts } from '../../core/redact/redact-node-facts.ts';
import { BundleWriter, type WrittenBundle } from '../../dumps/bundle/bundle-writer.ts';

export interface MakeBundleOptions {
  /** ISO 8601. */
  readonly at: string;
  /** `portolan 0.1.0`. */
  readonly tool: string;
  /** What pseudonyms are made with; undefined: names and addresses stay. */
  readonly redactBy: KeyedHash | undefined;
}

export class BundleMaker {
  readonly #writer: BundleWriter;
  readonly #names: Pseudonyms | undefined;

  constructor({ at, tool, redactBy }: MakeBundleOptions) {
    this.#writer = new BundleWriter({ at, tool, redaction: redactBy === undefined ? 'none' : 'pseudonyms' });
    this.#names = redactBy === undefined ? undefined : new Pseudonyms(redactBy);
  }

  /** The names of a cluster, before its nodes: so that they are found in the sentences about these. */
  learn(facts: ClusterFacts): void {
    if (this.#names !== undefined) redactClusterFacts(facts, this.#names);
  }

  addNode(facts: NodeFacts): void {
    this.#writer.addNode(this.#names === undefined ? facts : redactNodeFacts(facts, this.#names));
  }

  addCluster(facts: ClusterFacts): void {
    this.#writer.addCluster(this.#names === undefined ? facts : redactClusterFacts(facts, this.#names));
  }

  finish(): WrittenBundle {
    return this.#writer.finish();
  }
}

/** The bundle of one node. */
export function makeBundle(facts: NodeFacts, options: MakeBundleOptions): WrittenBundle {
  const maker = new BundleMaker(options);
  maker.addNode(facts);
  return maker.finish();
}
