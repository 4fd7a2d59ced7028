// Labels and annotations of a patch, put where the object keeps them: on a v1 object of Calico they may stand inside the
// annotation that holds the metadata of its v3 self.
import { type JsonObject, objectOf } from '../core/kube-objects/parse-object.ts';
import { METADATA_ANNOTATION, parseFoldedMetadata } from '../kube/calico/parse-folded-metadata.ts';
import { hitError } from './calicoctl-failure.ts';
import { mergePatch } from './merge-patch.ts';

const MAPS = ['labels', 'annotations'] as const;

/** The metadata to store. Errors: PTL_CALICO_OBJECT for what cannot be changed. */
export function patchMetadata(stored: JsonObject, patch: JsonObject): JsonObject {
  const metadata = objectOf(stored['metadata']);
  const { labels, resourceVersion, annotations: written, ...others } = patch;
  const annotations = written === null ? removalOfAll(metadata) : written;
  refuseOthers(metadata, others);
  if (METADATA_ANNOTATION in objectOf(annotations))
    throw hitError(
      `updating existing resource: annotation ${METADATA_ANNOTATION} is Calico's own`,
      'nothing was changed',
    );
  const patched: Record<string, unknown> = mergePatch(metadata, given({ labels, annotations }));
  const folded = foldedText(stored, { labels, annotations });
  if (folded !== undefined)
    patched['annotations'] = { ...objectOf(patched['annotations']), [METADATA_ANNOTATION]: folded };
  return resourceVersion === undefined ? patched : { ...patched, resourceVersion };
}

/** Null removes a person's annotations, not the one that Calico keeps its own metadata in. */
function removalOfAll(metadata: JsonObject): JsonObject {
  const names = Object.keys(objectOf(metadata['annotations'])).filter((name) => name !== METADATA_ANNOTATION);
  return Object.fromEntries(names.map((name) => [name, null]));
}

function refuseOthers(metadata: JsonObject, others: JsonObject): void {
  const changed = Object.keys(others).filter((name) => others[name] !== metadata[name]);
  if (changed.length === 0) return;
  const text = `metadata.${changed.join(', metadata.')} cannot be changed by a patch`;
  throw hitError(`updating existing resource: ${text}`, 'only labels and annotations can; nothing was changed');
}

/** Undefined where nothing inside changes. */
function foldedText(stored: JsonObject, patch: JsonObject): string | undefined {
  const folded = parseFoldedMetadata(stored);
  const inside = MAPS.filter((map) => folded[map] !== undefined && patch[map] !== undefined);
  if (inside.length === 0) return undefined;
  return JSON.stringify(mergePatch(folded, Object.fromEntries(inside.map((map) => [map, patch[map]]))));
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
