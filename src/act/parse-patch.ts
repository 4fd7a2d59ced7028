// Takes a patch apart as calicoctl does: a JSON object, whatever --type says.
import type { JsonObject } from '../core/kube-objects/parse-object.ts';

/** Undefined for anything but a JSON object: text, a list of JSON-Patch operations. */
export function parsePatch(text: string): JsonObject | undefined {
  try {
    const patch: unknown = JSON.parse(text);
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return undefined;
    return patch as JsonObject;
  } catch {
    return undefined;
  }
}

/** The first directive of strategic merge (`$patch`, `$retainKeys`); none of the fields here needs one. */
export function directiveIn(patch: JsonObject): string | undefined {
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$')) return name;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const deeper = directiveIn(value as JsonObject);
      if (deeper !== undefined) return deeper;
    }
  }
  return undefined;
}
