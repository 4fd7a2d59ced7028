// One change at a time: a ConfigMap that names the change that holds the cluster, and when its program last gave a sign of life.
// It keeps a second change from beginning; what keeps two programs from driving the same change is the journal's version.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiAnswer, ApiClient, ResourceAccess } from '../../kube/access/api-client.ts';
import { createObject } from '../../kube/access/create-object.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { refusalOf } from '../../kube/access/refusal.ts';
import { replaceObject } from '../../kube/access/replace-object.ts';
import { settleWrite } from './settle-write.ts';

const NAME = 'portolan-lock';
/** Someone always comes between: then a person should look. */
const MOST_ATTEMPTS = 5;

export interface LockSeen {
  /** Id of the change that holds it; undefined: it is free. */
  readonly holder: string | undefined;
  /** ISO 8601. */
  readonly renewedAt: string | undefined;
  /** Of the ConfigMap; undefined: there is none yet. */
  readonly version: string | undefined;
}

export interface LockOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** Wall-clock time, ISO 8601. */
  readonly wallClock: () => string;
}

export class ChangeLock {
  readonly #options: LockOptions;
  #version: string | undefined;

  constructor(options: LockOptions) {
    this.#options = options;
  }

  /** Errors: those of `send`, PTL_API_FORBIDDEN. */
  async look(): Promise<LockSeen> {
    const { client, signal } = this.#options;
    const request = { path: this.#path(NAME), access: this.#access('get') };
    const answer = await client.send(request, signal);
    if (answer.status === 404) return { holder: undefined, renewedAt: undefined, version: undefined };
    if (answer.status !== 200) throw refusalOf(answer, request, client);
    const data = objectOf(objectOf(answer.body)['data']);
    const holder = textOf(data['change']) ?? '';
    return {
      holder: holder === '' ? undefined : holder,
      renewedAt: textOf(data['renewedAt']),
      version: versionOf(answer),
    };
  }

  /**
   * Takes it for a change. `mayReplace` decides whether the change that holds it lets go (it is over). Errors:
   * PTL_CHANGE_UNFINISHED, PTL_JOURNAL, those of `send`.
   */
  async take(id: string, mayReplace: (holder: string) => Promise<boolean>): Promise<void> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const { holder, version } = await this.look();
      if (holder !== undefined && holder !== id && !(await mayReplace(holder))) throw held(holder);
      const answer = await this.#put(id, version);
      if (answer.status === 409) continue;
      this.#version = this.#written(answer);
      return;
    }
    throw held('of another program');
  }

  /** A sign of life. Errors: PTL_CHANGE_UNFINISHED when someone else took it; those of `send`. */
  async renew(id: string): Promise<void> {
    const answer = await this.#put(id, this.#version);
    if (answer.status === 409) throw held('of another program');
    this.#version = this.#written(answer);
  }

  /** Someone else's lock is left alone. */
  async release(id: string): Promise<void> {
    const { holder, version } = await this.look();
    if (holder === id) await this.#put('', version);
  }

  async #put(holder: string, version: string | undefined): Promise<ApiAnswer> {
    const { client, signal, wallClock, namespace } = this.#options;
    const data = { change: holder, renewedAt: wallClock() };
    const metadata = { name: NAME, namespace, labels: { 'app.kubernetes.io/managed-by': 'portolan' } };
    const isNew = version === undefined;
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, ...(isNew ? {} : { resourceVersion: version }) },
      data,
    };
    const request = {
      path: this.#path(isNew ? undefined : NAME),
      access: this.#access(isNew ? 'create' : 'update'),
      object,
    };
    const send = isNew ? createObject : replaceObject;
    return settleWrite({
      send: () => send(client, { ...request, isTrial: false }, signal),
      look: async () => {
        const seen = await this.look();
        const object = { metadata: { resourceVersion: seen.version } };
        if ((seen.holder ?? '') === holder && seen.renewedAt === data.renewedAt) return { found: 'landed', object };
        return { found: seen.version === version ? 'not-yet' : 'other' };
      },
    });
  }

  #written(answer: ApiAnswer): string {
    if (answer.status === 200 || answer.status === 201) return versionOf(answer);
    const access = this.#access(answer.status === 404 ? 'create' : 'update');
    const refusal = refusalOf(answer, { path: this.#path(NAME), access }, this.#options.client);
    throw new PortolanError('PTL_JOURNAL', refusal.message, {
      cause: refusal,
      ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    });
  }

  #path(name?: string): string {
    const all = `/api/v1/namespaces/${encodeURIComponent(this.#options.namespace)}/configmaps`;
    return name === undefined ? all : `${all}/${name}`;
  }

  #access(verb: ResourceAccess['verb']): ResourceAccess {
    return { verb, group: '', resource: 'configmaps', namespace: this.#options.namespace };
  }
}

function versionOf({ body }: ApiAnswer): string {
  return textOf(objectOf(objectOf(body)['metadata'])['resourceVersion']) ?? '';
}

function held(holder: string): PortolanError {
  return new PortolanError(
    'PTL_CHANGE_UNFINISHED',
    `Cannot begin a change: change ${holder} is not finished, wanted one change at a time`,
    { hint: 'portolan status shows it; portolan apply --resume ID goes on, portolan undo ID takes it back' },
  );
}
