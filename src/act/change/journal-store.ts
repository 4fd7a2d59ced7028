// The journal of changes in the cluster: a ConfigMap for each. It is replaced only at the version that was read, so that of two
// programs that drive one change the slower one stops before it writes anything else.
import { type ChangeJournal, isOver } from '../../core/advice/change/change.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiAnswer, ApiClient, ResourceAccess } from '../../kube/access/api-client.ts';
import { createObject } from '../../kube/access/create-object.ts';
import { listObjects } from '../../kube/access/list-objects.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { refusalOf } from '../../kube/access/refusal.ts';
import { replaceObject } from '../../kube/access/replace-object.ts';
import { parseChangeJournal } from './parse-change-journal.ts';
import { settleWrite } from './settle-write.ts';

export const JOURNAL_NAMESPACE = 'portolan';
const PREFIX = 'portolan-change-';
const KEY = 'change.json';
const LABELS = { 'app.kubernetes.io/managed-by': 'portolan', 'portolan.dev/journal': 'change' };
/** A ConfigMap holds 1 MiB; what went well needs no row each. */
const MOST_RESULTS = 500;

export interface StoredJournal {
  readonly journal: ChangeJournal;
  /** Of the ConfigMap. */
  readonly version: string;
}

export interface StoreOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

export class JournalStore {
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  get namespace(): string {
    return this.#options.namespace;
  }

  /** `portolan/portolan-change-7f3a`. */
  placeOf(id: string): string {
    return `${this.namespace}/${PREFIX}${id}`;
  }

  /** Undefined: the id is taken. Errors: PTL_JOURNAL, those of `send`. */
  async create(journal: ChangeJournal): Promise<StoredJournal | undefined> {
    const { client, signal } = this.#options;
    const object = this.#configMap(journal);
    const creation = { path: this.#path(), access: this.#access('create'), object, isTrial: false };
    const answer = await settleWrite({
      send: () => createObject(client, creation, signal),
      look: () => this.#look(journal, undefined),
    });
    if (answer.status === 409) return undefined;
    return { journal, version: this.#versionOf(answer, 'create') };
  }

  /** Errors: PTL_CHANGE_UNFINISHED when someone else wrote to the journal; PTL_JOURNAL, those of `send`. */
  async save({ version }: StoredJournal, journal: ChangeJournal): Promise<StoredJournal> {
    const { client, signal } = this.#options;
    const kept = bounded(journal);
    const object = this.#configMap(kept, version);
    const replacement = { path: this.#path(journal.id), access: this.#access('update'), object, isTrial: false };
    const answer = await settleWrite({
      send: () => replaceObject(client, replacement, signal),
      look: () => this.#look(kept, version),
    });
    if (answer.status === 409) throw takenOver(journal.id);
    return { journal: kept, version: this.#versionOf(answer, 'update') };
  }

  /** Undefined: there is none of that id. Errors: PTL_JOURNAL when it cannot be read; those of `send`. */
  async read(id: string): Promise<StoredJournal | undefined> {
    const answer = await this.#get(id);
    return answer.status === 404 ? undefined : this.#storedOf(answer.body);
  }

  /** Newest first; those that cannot be read by their name. An absent namespace holds none. */
  async list(): Promise<{ readonly journals: readonly StoredJournal[]; readonly unreadable: readonly string[] }> {
    const { client, signal } = this.#options;
    const query = { labelSelector: 'portolan.dev/journal=change' };
    const request = { path: this.#path(), query, access: this.#access('list') };
    const found = await listObjects(client, { request, project: storedOrName, signal });
    const journals = found.flatMap((each) => (typeof each === 'string' ? [] : [each]));
    return {
      journals: journals.toSorted((left, right) => (left.journal.at < right.journal.at ? 1 : -1)),
      unreadable: found.flatMap((each) => (typeof each === 'string' ? [each] : [])),
    };
  }

  async #get(id: string): Promise<ApiAnswer> {
    const { client, signal } = this.#options;
    const request = { path: this.#path(id), access: this.#access('get') };
    const answer = await client.send(request, signal);
    if (answer.status === 200 || answer.status === 404) return answer;
    throw refusalOf(answer, request, client);
  }

  async #look(journal: ChangeJournal, version: string | undefined) {
    const answer = await this.#get(journal.id);
    if (answer.status === 404) return { found: version === undefined ? 'not-yet' : 'other' } as const;
    const { data } = objectOf(answer.body);
    if (objectOf(data)[KEY] === textOfJournal(journal)) return { found: 'landed', object: answer.body } as const;
    return { found: versionOf(answer.body) === version ? 'not-yet' : 'other' } as const;
  }

  #storedOf(body: unknown): StoredJournal {
    const stored = storedOrName(body);
    if (typeof stored !== 'string') return stored;
    const { problems } = problemsOf(body);
    throw new PortolanError(
      'PTL_JOURNAL',
      problems.map((problem) => `Cannot read the journal ${this.namespace}/${stored}: ${problem}`).join('\n'),
    );
  }

  #versionOf(answer: ApiAnswer, verb: 'create' | 'update'): string {
    const { client } = this.#options;
    if (answer.status === 200 || answer.status === 201) return versionOf(answer.body);
    const refusal = refusalOf(answer, { path: this.#path(), access: this.#access(verb) }, client);
    throw new PortolanError('PTL_JOURNAL', refusal.message, {
      cause: refusal,
      ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    });
  }

  #path(id?: string): string {
    const all = `/api/v1/namespaces/${encodeURIComponent(this.namespace)}/configmaps`;
    return id === undefined ? all : `${all}/${PREFIX}${id}`;
  }

  #access(verb: ResourceAccess['verb']): ResourceAccess {
    return { verb, group: '', resource: 'configmaps', namespace: this.namespace };
  }

  #configMap(journal: ChangeJournal, version?: string): object {
    const metadata = {
      name: `${PREFIX}${journal.id}`,
      namespace: this.namespace,
      labels: LABELS,
      ...(version === undefined ? {} : { resourceVersion: version }),
    };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [KEY]: textOfJournal(journal) } };
  }
}

function textOfJournal(journal: ChangeJournal): string {
  return `${JSON.stringify(journal, null, 1)}\n`;
}

function bounded(journal: ChangeJournal): ChangeJournal {
  if (journal.nodes.length <= MOST_RESULTS) return journal;
  const bad = journal.nodes.filter(({ outcome }) => outcome !== 'verified');
  const good = journal.nodes.filter(({ outcome }) => outcome === 'verified');
  return { ...journal, nodes: [...bad, ...good].slice(0, MOST_RESULTS) };
}

function versionOf(body: unknown): string {
  return textOf(objectOf(objectOf(body)['metadata'])['resourceVersion']) ?? '';
}

function problemsOf(body: unknown): { readonly problems: readonly string[] } {
  const parsed = parseChangeJournal(textOf(objectOf(objectOf(body)['data'])[KEY]));
  return parsed.ok ? { problems: [`id: ${parsed.journal.id}, wanted that of its name`] } : parsed;
}

/** The name of a ConfigMap that holds no journal. */
function storedOrName(body: unknown): StoredJournal | string {
  const name = textOf(objectOf(objectOf(body)['metadata'])['name']) ?? '';
  const parsed = parseChangeJournal(textOf(objectOf(objectOf(body)['data'])[KEY]));
  if (!parsed.ok || name !== `${PREFIX}${parsed.journal.id}`) return name;
  return { journal: parsed.journal, version: versionOf(body) };
}

function takenOver(id: string): PortolanError {
  return new PortolanError(
    'PTL_CHANGE_UNFINISHED',
    `Cannot go on with change ${id}: another portolan has taken it over, wanted to be the only one`,
    { hint: 'portolan status' },
  );
}

/** The changes that nobody finished. */
export function unfinished(journals: readonly StoredJournal[]): readonly StoredJournal[] {
  return journals.filter(({ journal }) => !isOver(journal));
}
