// calicoctl patch for a FelixConfiguration: read, merge, judge, put back at the version that was read. Only what the patch
// says is changed; whoever wrote in between wins.
import type { ApiAnswer } from '../kube/access/api-client.ts';
import { type JsonObject, objectOf, statusMessage, textOf } from '../core/kube-objects/parse-object.ts';
import { replaceObject } from '../kube/access/replace-object.ts';
import { felixAccess, felixPath, getFelixObjects } from '../kube/calico/felix-objects.ts';
import type { CalicoReader } from '../kube/calico/read-calico-kinds.ts';
import { hitError, prefixed, refusalHint, refusalText } from './calicoctl-failure.ts';
import { checkWrittenRange, decodeErrorOf } from './check-written-range.ts';
import { type Change, changesBetween, mergePatch, reversePatch } from './merge-patch.ts';
import { patchMetadata } from './patch-metadata.ts';
import { directiveIn, parsePatch } from './parse-patch.ts';

export type DryRun = 'none' | 'client' | 'server';

export interface PatchRequest {
  /** `default`, `node.worker-3`. */
  readonly name: string;
  /** As typed: a JSON object. */
  readonly patch: string;
  /** Writes also values that Calico accepts and misreads. */
  readonly isForced: boolean;
  readonly dryRun: DryRun;
}

export interface PatchOutcome {
  readonly name: string;
  /** In spec, labels and annotations; what the server itself keeps (version, managed fields) is left out. */
  readonly changes: readonly Change[];
  /** Restores what was there. */
  readonly undo: JsonObject;
  /** `spec.natPortRange` before; undefined: absent. */
  readonly formerRange: unknown;
  /** As stored now, or as it would be. */
  readonly object: JsonObject;
}

/** Errors: PTL_CALICO_OBJECT with calicoctl's words; those of `send` behind `hit error: `. */
export async function patchFelixConfiguration(reader: CalicoReader, request: PatchRequest): Promise<PatchOutcome> {
  const stored = await readStored(reader, request.name);
  const patch = readablePatch(request.patch);
  const judged = judgeSpec(patch, stored, request);
  const wanted = applyPatch(stored, judged);
  const undo = reversePatch(stored, judged);
  const formerRange = objectOf(stored['spec'])['natPortRange'];
  const object = request.dryRun === 'client' ? wanted : await write(reader, { wanted, judged, request });
  return { name: request.name, changes: changesOf(stored, object), undo, formerRange, object };
}

async function readStored(reader: CalicoReader, name: string): Promise<JsonObject> {
  const asked = { name, access: felixAccess(reader.apiGroup, 'get') };
  const answer = await getFelixObjects(reader, name).catch((error: unknown) => {
    throw prefixed(error, 'hit error: ');
  });
  if (answer.status !== 200) throw hitError(refusalText(answer, asked), refusalHint(answer, asked));
  return objectOf(answer.body);
}

function readablePatch(text: string): JsonObject {
  const patch = parsePatch(text);
  if (patch === undefined)
    throw hitError(
      'performing strategic merge patch: invalid JSON document',
      `a JSON object, whatever --type says: --patch '{"spec":{"natPortRange":"24000:65535"}}'`,
    );
  const directive = directiveIn(patch);
  if (directive !== undefined)
    throw hitError(
      `performing strategic merge patch: directive ${directive} is not supported`,
      'name the fields; null removes one',
    );
  return patch;
}

/** The patch with natPortRange as Calico would store it. */
function judgeSpec(patch: JsonObject, stored: JsonObject, { isForced }: PatchRequest): JsonObject {
  const spec = objectOf(patch['spec']);
  if (!('natPortRange' in spec)) {
    refuseUnreadable(stored);
    return patch;
  }
  const verdict = checkWrittenRange(spec['natPortRange']);
  const right = (form: string) => `the right form: --patch '{"spec":{"natPortRange":"${form}"}}'; nothing was changed`;
  if (verdict.kind === 'rejected') throw hitError(verdict.text, right(verdict.form));
  if (verdict.kind === 'trap' && !isForced) {
    const given = JSON.stringify(spec['natPortRange']);
    const refusal = `Cannot write natPortRange ${given}: ${verdict.why}, wanted FIRST:LAST with 1024 <= FIRST < LAST <= 65535`;
    throw hitError(refusal, `${right(verdict.form)}; --force writes it all the same, as calicoctl does`);
  }
  return { ...patch, spec: { ...spec, natPortRange: verdict.value } };
}

/** While one stored value cannot be decoded Calico cannot read the object, and any other change would hide that. */
function refuseUnreadable(stored: JsonObject): void {
  const raw = objectOf(stored['spec'])['natPortRange'];
  const why = decodeErrorOf(raw);
  if (raw === undefined || raw === null || why === undefined) return;
  const repair = `the stored natPortRange ${JSON.stringify(raw)} keeps Felix from reading any FelixConfiguration; first repair it: --patch '{"spec":{"natPortRange":"24000:65535"}}', or null to remove it`;
  throw hitError(why, repair);
}

function applyPatch(stored: JsonObject, patch: JsonObject): JsonObject {
  const { metadata, apiVersion, kind, ...rest } = patch;
  const isOther =
    (kind !== undefined && kind !== 'FelixConfiguration') ||
    (apiVersion !== undefined && apiVersion !== 'projectcalico.org/v3');
  if (isOther)
    throw hitError(
      `creating resource from patched data: Unknown resource type (${textOf(kind) ?? 'FelixConfiguration'}) and/or version (${textOf(apiVersion) ?? 'projectcalico.org/v3'})`,
      'leave kind and apiVersion out of the patch; nothing was changed',
    );
  const merged = mergePatch(stored, rest);
  return metadata === undefined ? merged : { ...merged, metadata: patchMetadata(stored, objectOf(metadata)) };
}

interface Write {
  readonly wanted: JsonObject;
  readonly judged: JsonObject;
  readonly request: PatchRequest;
}

async function write(reader: CalicoReader, { wanted, judged, request }: Write): Promise<JsonObject> {
  const { client, apiGroup, signal } = reader;
  const { name } = request;
  const access = felixAccess(apiGroup, 'update');
  const isTrial = request.dryRun === 'server';
  const replacement = { path: felixPath(apiGroup, name), access, object: wanted, isTrial };
  const answer = await replaceObject(client, replacement, signal).catch((error: unknown) => {
    throw prefixed(error, `hit error: ${UPDATING}`, isTrial ? undefined : unknownEnd(name));
  });
  if (answer.status === 200) return keptAll(objectOf(answer.body), judged);
  throw refusedWrite(answer, { name, access });
}

const UPDATING = 'updating existing resource: ';

function unknownEnd(name: string): string {
  return `whether the change was stored is not known; look before you run it again: portolan get felixconfiguration ${name} -o yaml`;
}

function refusedWrite(answer: ApiAnswer, asked: { name: string; access: ReturnType<typeof felixAccess> }) {
  const unknown = unknownFields(statusMessage(answer.body) ?? '');
  if (unknown.length > 0) return notRecognised(unknown, 'nothing was changed');
  // etcd may have stored what the API server could not confirm in time.
  const hint = answer.status >= 500 ? unknownEnd(asked.name) : refusalHint(answer, asked);
  return hitError(`${UPDATING}${refusalText(answer, asked)}`, hint);
}

/** `strict decoding error: unknown field "spec.natPortRang"`. */
function unknownFields(message: string): string[] {
  return [...message.matchAll(/unknown field "([^"]+)"/g)].map(([, path = '']) => path.split('.').at(-1) ?? path);
}

function notRecognised(fields: readonly string[], hint: string) {
  const text = `field in document is not recognized or is in the wrong location: ${fields.join(', ')}`;
  return hitError(`creating resource from patched data: ${text}`, hint);
}

/** API servers before 1.25 drop unknown fields without a word, and a webhook may change any. */
function keptAll(answer: JsonObject, judged: JsonObject): JsonObject {
  const spec = objectOf(answer['spec']);
  const wanted = Object.entries(objectOf(judged['spec'])).filter(([, value]) => value !== null);
  const dropped = wanted.map(([name]) => name).filter((name) => spec[name] === undefined);
  if (dropped.length > 0) throw notRecognised(dropped, 'the API server took the object without it');
  return answer;
}

function changesOf(before: JsonObject, after: JsonObject): readonly Change[] {
  return changesBetween(shownParts(before), shownParts(after));
}

function shownParts(object: JsonObject): JsonObject {
  const { labels = {}, annotations = {} } = objectOf(object['metadata']);
  return { metadata: { labels, annotations }, spec: object['spec'] ?? {} };
}

/** `config.projectcalico.org/NATPortRange`, which beats the spec of its object; undefined when there is none. */
export function rangeAnnotation(annotations: JsonObject): string | undefined {
  const names = Object.keys(annotations).filter((key) => key.toLowerCase() === 'config.projectcalico.org/natportrange');
  return names.map((name) => textOf(annotations[name])).find((value) => value !== undefined && value !== '');
}
