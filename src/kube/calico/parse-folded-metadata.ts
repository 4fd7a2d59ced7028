// A v1 object of Calico keeps the metadata of its v3 self inside an annotation, as JSON (libcalico-go
// lib/backend/k8s/resources/resources.go). This shows such an object as calicoctl does.
import { type JsonObject, objectOf } from '../../core/kube-objects/parse-object.ts';

export const METADATA_ANNOTATION = 'projectcalico.org/metadata';

/** What the annotation holds; empty without it or when it is no JSON object. */
export function parseFoldedMetadata(stored: JsonObject): JsonObject {
  const text = objectOf(objectOf(stored['metadata'])['annotations'])[METADATA_ANNOTATION];
  if (typeof text !== 'string') return {};
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/** As `projectcalico.org/v3`, kind first, as calicoctl prints it. The uid is that of the stored object. */
export function calicoView(stored: JsonObject): JsonObject {
  const { kind: _kind, apiVersion: _version, metadata: _metadata, ...rest } = stored;
  return { kind: 'FelixConfiguration', apiVersion: 'projectcalico.org/v3', metadata: viewMetadata(stored), ...rest };
}

/** Names, version, labels and annotations are those of the stored object; the annotation gives the rest. */
function viewMetadata(stored: JsonObject): JsonObject {
  const metadata = objectOf(stored['metadata']);
  const { [METADATA_ANNOTATION]: annotation, ...annotations } = objectOf(metadata['annotations']);
  if (annotation === undefined) return metadata;
  const folded = parseFoldedMetadata(stored);
  const labels = { ...objectOf(folded['labels']), ...objectOf(metadata['labels']) };
  const allAnnotations = { ...objectOf(folded['annotations']), ...annotations };
  return {
    name: metadata['name'],
    uid: metadata['uid'],
    resourceVersion: metadata['resourceVersion'],
    ...folded,
    creationTimestamp: folded['creationTimestamp'] ?? metadata['creationTimestamp'],
    ...mapOf('labels', labels),
    ...mapOf('annotations', allAnnotations),
  };
}

function mapOf(name: string, entries: JsonObject): JsonObject {
  return Object.keys(entries).length === 0 ? {} : { [name]: entries };
}
