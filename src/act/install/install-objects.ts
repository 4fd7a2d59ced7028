// Makes the objects of the agents, or brings them up to date: at the version that was read, and never over what is not ours.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { type JsonObject, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import type { ApiAnswer, ApiClient, ApiRequest } from '../../kube/access/api-client.ts';
import { createObject } from '../../kube/access/create-object.ts';
import { refusalOf } from '../../kube/access/refusal.ts';
import { removeObject } from '../../kube/access/remove-object.ts';
import { replaceObject } from '../../kube/access/replace-object.ts';
import { objectPlace } from './object-place.ts';

const NAME_LABEL = 'app.kubernetes.io/name';
const OWN = 'portolan';
const MANAGER = 'portolan-install';
/** Controllers write the status of a DaemonSet in between. */
const MOST_ATTEMPTS = 5;

export interface InstallEnd {
  /** `daemonset/portolan-agent`. */
  readonly title: string;
  /** In kubectl's words; `left`: it is someone else's. */
  readonly end: 'created' | 'configured' | 'unchanged' | 'deleted' | 'not found' | 'left';
}

interface Installation {
  readonly client: ApiClient;
  readonly signal: AbortSignal;
}

/** All or, where one is someone else's, none. Errors: PTL_CHANGE_CONFLICT, PTL_API_*. */
export async function installObjects(
  objects: readonly object[],
  installation: Installation,
): Promise<readonly InstallEnd[]> {
  for (const object of objects) await refuseForeign(object, installation);
  const ends: InstallEnd[] = [];
  for (const object of objects) ends.push(await settled(object, installation, putObject));
  return ends;
}

/** In the opposite order. A namespace stays, because others may have put something into it. Errors: PTL_API_*. */
export async function uninstallObjects(
  objects: readonly object[],
  installation: Installation,
): Promise<readonly InstallEnd[]> {
  const ends: InstallEnd[] = [];
  for (const object of objects.toReversed())
    if (!isNamespace(object)) ends.push(await settled(object, installation, takeObject));
  return ends;
}

type Attempt = (object: object, installation: Installation) => Promise<InstallEnd | 'again'>;

async function settled(object: object, installation: Installation, attempt: Attempt): Promise<InstallEnd> {
  for (let count = 1; count <= MOST_ATTEMPTS; count += 1) {
    const end = await attempt(object, installation);
    if (end !== 'again') return end;
  }
  throw conflict(objectPlace(object).title, 'someone else keeps writing to it');
}

async function refuseForeign(object: object, installation: Installation): Promise<void> {
  const present = await read(object, installation);
  // One that was there before gets its label of Pod Security, and keeps all else.
  if (present === undefined || isNamespace(object) || isOwn(present)) return;
  throw conflict(objectPlace(object).title, `it is there without the label ${NAME_LABEL}=${OWN}`);
}

async function putObject(object: object, installation: Installation): Promise<InstallEnd | 'again'> {
  const { client, signal } = installation;
  const { title, collection, path, access } = objectPlace(object);
  const present = await read(object, installation);
  const common = { isTrial: false, manager: MANAGER };
  const verb = present === undefined ? 'create' : 'update';
  const answer = await (present === undefined
    ? createObject(client, { ...common, path: collection, access: access('create'), object }, signal)
    : replaceObject(client, { ...common, path, access: access('update'), object: merged(present, object) }, signal));
  if (answer.status === 409) return 'again';
  if (answer.status !== 200 && answer.status !== 201) throw refusalOf(answer, { path, access: access(verb) }, client);
  if (present === undefined) return { title, end: 'created' };
  return { title, end: versionOf(objectOf(answer.body)) === versionOf(present) ? 'unchanged' : 'configured' };
}

async function takeObject(object: object, installation: Installation): Promise<InstallEnd | 'again'> {
  const { client, signal } = installation;
  const { title, path, access } = objectPlace(object);
  const present = await read(object, installation);
  if (present === undefined) return { title, end: 'not found' };
  if (!isOwn(present)) return { title, end: 'left' };
  const uid = textOf(objectOf(present['metadata'])['uid']) ?? '';
  const removal = { path, access: access('delete'), uid, resourceVersion: versionOf(present) };
  const answer: ApiAnswer = await removeObject(client, removal, signal);
  if (answer.status === 404 || answer.status === 409) return 'again';
  if (answer.status !== 200 && answer.status !== 202)
    throw refusalOf(answer, { path, access: access('delete') }, client);
  return { title, end: 'deleted' };
}

async function read(object: object, { client, signal }: Installation): Promise<JsonObject | undefined> {
  const { path, access } = objectPlace(object);
  const request: ApiRequest = { path, access: access('get') };
  const answer = await client.send(request, signal);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusalOf(answer, request, client);
  return objectOf(answer.body);
}

/** What others added to labels and annotations stays; the rest is as wanted. */
function merged(present: JsonObject, wanted: object): JsonObject {
  const [is, will] = [objectOf(present['metadata']), objectOf(objectOf(wanted)['metadata'])];
  const labels = { ...objectOf(is['labels']), ...objectOf(will['labels']) };
  return { ...present, ...wanted, metadata: { ...is, labels } };
}

function isNamespace(object: object): boolean {
  return objectOf(object)['kind'] === 'Namespace';
}

function isOwn(present: JsonObject): boolean {
  return objectOf(objectOf(present['metadata'])['labels'])[NAME_LABEL] === OWN;
}

function versionOf(object: JsonObject): string {
  return textOf(objectOf(object['metadata'])['resourceVersion']) ?? '';
}

function conflict(title: string, what: string): PortolanError {
  return new PortolanError('PTL_CHANGE_CONFLICT', `Cannot write ${title}: ${what}, wanted one of Portolan's own`);
}
