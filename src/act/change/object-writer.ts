// Writes the fields of a change into objects and takes them back: always at the version that was read, never over someone
// else's value, and with the answer settled before the next step.
import {
  type ChangedObject,
  FIELD_PATHS,
  type FieldName,
  type Fields,
  type ObjectRef,
  objectPath,
  objectTitle,
} from '../../core/advice/change/change.ts';
import { fieldsOf, hasFields, namesOf, stateText, withFields } from '../../core/advice/change/field-values.ts';
import { type PresentObject, type TakeBack, takeBackOf } from '../../core/advice/change/take-back.ts';
import type { ObjectEnd, SeenObject } from '../../core/advice/change/transitions.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiAnswer, ApiClient, ApiRequest, ResourceAccess } from '../../kube/access/api-client.ts';
import { createObject } from '../../kube/access/create-object.ts';
import { type JsonObject, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { refusalOf } from '../../kube/access/refusal.ts';
import { removeObject } from '../../kube/access/remove-object.ts';
import { replaceObject } from '../../kube/access/replace-object.ts';
import { isOursAlone, lastOtherWriter, managerOf, MARK } from './object-marks.ts';
import { settleWrite } from './settle-write.ts';

/** Each time another writer must have come between. */
const MOST_ATTEMPTS = 10;

export interface WriterOptions {
  readonly client: ApiClient;
  /** Id of the change. */
  readonly id: string;
  readonly signal: AbortSignal;
  /** Called when someone else wrote other fields of the object in between; throws when the change may not go on. */
  readonly rejudge: (title: string) => Promise<void>;
}

export class ObjectWriter {
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** What is there now. Errors: those of `ask`. */
  async see(object: ChangedObject): Promise<SeenObject> {
    const present = await this.#read(object.ref);
    return { title: objectTitle(object.ref), version: versionOf(present) };
  }

  /** Errors: PTL_CHANGE_CONFLICT, those of `ask`. */
  async write(object: ChangedObject): Promise<ObjectEnd> {
    const title = objectTitle(object.ref);
    let known = object.seenVersion;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const present = await this.#read(object.ref);
      const version = versionOf(present);
      if (present !== undefined && hasFields(stateOf(present, object.wanted), object.wanted)) return { title, version };
      this.#refuseForeign(object, present);
      if (version !== known) await this.#options.rejudge(title);
      known = version;
      const answer = await (present === undefined
        ? this.#create(object)
        : this.#put(object.ref, present, object.wanted));
      if (answer.status === 200 || answer.status === 201) return { title, version: versionOf(objectOf(answer.body)) };
      if (answer.status !== 409) throw this.#refused(answer, object.ref, present === undefined ? 'create' : 'update');
    }
    throw conflict(title, 'someone else keeps writing to it');
  }

  /** Errors: those of `ask`. What someone else has written since is left, and said. */
  async takeBack(object: ChangedObject): Promise<ObjectEnd> {
    const title = objectTitle(object.ref);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const present = await this.#read(object.ref);
      const decision = takeBackOf(object, this.#presentOf(present, object));
      const takenBack = decision.because;
      if (present === undefined || decision.do === 'nothing' || decision.do === 'leave')
        return { title, version: versionOf(present), takenBack };
      const answer = await (decision.do === 'put'
        ? this.#put(object.ref, present, decision.fields)
        : this.#remove(object.ref, present));
      if (answer.status === 200 || answer.status === 202) {
        const version = decision.do === 'put' ? versionOf(objectOf(answer.body)) : undefined;
        return { title, version, takenBack };
      }
      if (answer.status === 404 || answer.status === 409) continue;
      if (decision.do === 'remove' && answer.status === 403) return this.#emptied(object, present);
      throw this.#refused(answer, object.ref, decision.do === 'put' ? 'update' : 'delete');
    }
    throw conflict(title, 'someone else keeps writing to it');
  }

  /** Who may not remove what was made can still take the field out of it, which has the same effect on the nodes. */
  async #emptied({ ref, before }: ChangedObject, present: JsonObject): Promise<ObjectEnd> {
    const answer = await this.#put(ref, present, before.fields);
    if (answer.status !== 200) throw this.#refused(answer, ref, 'delete');
    const takenBack = 'its field is taken out; the object stays, because removing it is forbidden';
    return { title: objectTitle(ref), version: versionOf(objectOf(answer.body)), takenBack };
  }

  /** What taking it back would do now, and the present fields. Errors: those of `ask`. */
  async foresee(object: ChangedObject): Promise<{ readonly decision: TakeBack; readonly fields: Fields }> {
    const present = await this.#read(object.ref);
    const decision = takeBackOf(object, this.#presentOf(present, object));
    return { decision, fields: present === undefined ? {} : stateOf(present, object.wanted) };
  }

  /** Whether the server would take the write; nothing is stored. Errors: those of `ask`. */
  async tryOut(object: ChangedObject): Promise<void> {
    const present = await this.#read(object.ref);
    const answer = await (present === undefined
      ? createObject(this.#options.client, this.#creation(object, true), this.#options.signal)
      : replaceObject(
          this.#options.client,
          this.#replacement(object.ref, withFields(present, object.wanted), true),
          this.#options.signal,
        ));
    if (answer.status === 200 || answer.status === 201) return;
    throw this.#refused(answer, object.ref, present === undefined ? 'create' : 'update');
  }

  #refuseForeign(object: ChangedObject, present: JsonObject | undefined): void {
    const title = objectTitle(object.ref);
    if (present === undefined) {
      const isMakeable = object.ref.kind === 'FelixConfiguration';
      if (object.before.existed || !isMakeable) throw conflict(title, 'it is not there any more');
      return;
    }
    const state = stateOf(present, object.wanted);
    if (hasFields(state, object.before.fields)) return;
    const values = namesOf(state).map((name) => `${FIELD_PATHS[name].join('.')} is ${stateText(state[name])} now`);
    throw conflict(title, `${values.join(', ')}${writerText(lastOtherWriter(present, this.#options.id))}`);
  }

  #presentOf(present: JsonObject | undefined, object: ChangedObject): PresentObject {
    if (present === undefined) return undefined;
    const { id } = this.#options;
    return {
      fields: stateOf(present, object.wanted),
      isOursAlone: isOursAlone(present, id),
      lastWriter: lastOtherWriter(present, id),
    };
  }

  async #read(ref: ObjectRef): Promise<JsonObject | undefined> {
    const { client, signal } = this.#options;
    const request: ApiRequest = { path: objectPath(ref), access: accessOf(ref, 'get') };
    const answer = await client.send(request, signal);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refusalOf(answer, request, client);
    return objectOf(answer.body);
  }

  #create(object: ChangedObject): Promise<ApiAnswer> {
    const { client, signal } = this.#options;
    const creation = this.#creation(object, false);
    return settleWrite({
      send: () => createObject(client, creation, signal),
      look: async () => this.#compare(await this.#read(object.ref), object.wanted, undefined),
    });
  }

  #creation({ ref, wanted }: ChangedObject, isTrial: boolean) {
    const { id } = this.#options;
    const metadata = { name: ref.name, annotations: { [MARK]: id } };
    const object = withFields({ apiVersion: ref.apiVersion, kind: ref.kind, metadata }, wanted);
    const path = objectPath(ref).replace(/\/[^/]+$/, '');
    return { path, access: accessOf(ref, 'create'), object, isTrial, manager: managerOf(id) };
  }

  #put(ref: ObjectRef, present: JsonObject, fields: Fields): Promise<ApiAnswer> {
    const { client, signal } = this.#options;
    const replacement = this.#replacement(ref, withFields(present, fields), false);
    return settleWrite({
      send: () => replaceObject(client, replacement, signal),
      look: async () => this.#compare(await this.#read(ref), fields, versionOf(present)),
    });
  }

  #replacement(ref: ObjectRef, object: JsonObject, isTrial: boolean) {
    const manager = managerOf(this.#options.id);
    return { path: objectPath(ref), access: accessOf(ref, 'update'), object, isTrial, manager };
  }

  #remove(ref: ObjectRef, present: JsonObject): Promise<ApiAnswer> {
    const { client, signal } = this.#options;
    const metadata = objectOf(present['metadata']);
    const uid = textOf(metadata['uid']) ?? '';
    const resourceVersion = versionOf(present) ?? '';
    const removal = { path: objectPath(ref), access: accessOf(ref, 'delete'), uid, resourceVersion };
    return settleWrite({
      send: () => removeObject(client, removal, signal),
      look: async () => {
        const now = await this.#read(ref);
        if (now === undefined) return { found: 'landed', object: {} };
        return { found: versionOf(now) === resourceVersion ? 'not-yet' : 'other' };
      },
    });
  }

  #compare(now: JsonObject | undefined, fields: Fields, version: string | undefined) {
    if (now !== undefined && hasFields(stateOf(now, fields), fields)) return { found: 'landed', object: now } as const;
    return { found: versionOf(now) === version ? 'not-yet' : 'other' } as const;
  }

  #refused(answer: ApiAnswer, ref: ObjectRef, verb: 'create' | 'update' | 'delete'): PortolanError {
    return refusalOf(answer, { path: objectPath(ref), access: accessOf(ref, verb) }, this.#options.client);
  }
}

function accessOf(ref: ObjectRef, verb: ResourceAccess['verb']): ResourceAccess {
  const group = ref.apiVersion.split('/')[0] ?? '';
  const resource = `${ref.kind.toLowerCase()}s`;
  return ref.kind === 'FelixConfiguration'
    ? { verb, group, resource }
    : { verb, group, resource, namespace: ref.namespace };
}

function stateOf(object: JsonObject, fields: Fields): Fields {
  const names: readonly FieldName[] = namesOf(fields);
  return fieldsOf(object, names);
}

function versionOf(object: JsonObject | undefined): string | undefined {
  return textOf(objectOf(object?.['metadata'])['resourceVersion']);
}

function writerText(writer: string | undefined): string {
  return writer === undefined ? '' : `, written by ${writer}`;
}

function conflict(title: string, what: string): PortolanError {
  return new PortolanError('PTL_CHANGE_CONFLICT', `Cannot write ${title}: ${what}, wanted it as it was read`);
}
