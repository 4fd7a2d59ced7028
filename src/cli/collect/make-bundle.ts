// Makes the bundle of a node: facts in, a file in pieces out.
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { KeyedHash } from '../../core/redact/keyed-hash.ts';
import { Pseudonyms } from '../../core/redact/pseudonyms.ts';
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

export function makeBundle(facts: readonly NodeFacts[], { at, tool, redactBy }: MakeBundleOptions): WrittenBundle {
  const writer = new BundleWriter({ at, tool, redaction: redactBy === undefined ? 'none' : 'pseudonyms' });
  const names = redactBy === undefined ? undefined : new Pseudonyms(redactBy);
  for (const node of facts) writer.addNode(names === undefined ? node : redactNodeFacts(node, names));
  return writer.finish();
}
