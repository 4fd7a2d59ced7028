// A manifest as YAML that a person reads before applying it: short lists on one line.
import { Document, isScalar, visit } from 'yaml';
import type { Manifest } from './rbac-manifests.ts';

export function manifestYaml(object: object): string {
  // As kubectl reads it, which still takes yes and no for truths.
  const document = new Document(object, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every(isScalar);
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Several as one text, each with what a person should know of it. */
export function manifestsYaml(manifests: readonly Manifest[]): string {
  const parts = manifests.map(
    ({ comment, object }) => `${comment === '' ? '' : `# ${comment}\n`}${manifestYaml(object)}`,
  );
  return parts.join('---\n');
}
