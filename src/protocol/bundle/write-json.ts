// Writes the JSON members of a bundle: only fields that are known are written, so that nothing else can get into one.
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { Reader } from '../parse-shape.ts';
import type { BundleManifest } from './bundle-manifest.ts';
import { clusterFacts } from './cluster-facts-readers.ts';
import { plainNodeFacts } from './node-facts-readers.ts';

export function nodeFactsJson(facts: NodeFacts): string {
  return jsonOf(knownFields(plainNodeFacts, facts));
}

export function clusterFactsJson(facts: ClusterFacts): string {
  return jsonOf(knownFields(clusterFacts, facts));
}

export function manifestJson(manifest: BundleManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** What a reader would make of it: the same reader later reads the file. */
function knownFields<Value>(reader: Reader<Value>, facts: Value): Value {
  const problems: string[] = [];
  const known = reader.read(facts, { path: '', problems });
  if (problems.length > 0) throw new TypeError(`Cannot write facts: ${problems.slice(0, 3).join('; ')}`);
  return known;
}

/** One field a line at the top, so that a person finds a part; a large list on one line, so that it stays small. */
function jsonOf(facts: object): string {
  const fields = Object.entries(facts).filter(([, value]) => value !== undefined);
  const lines = fields.map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}
