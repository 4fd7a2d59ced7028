// Reads a whole list in pages, keeping of each object only what the caller projects, so that memory does not grow with what
// nobody looks at.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiAnswer, ApiClient, ApiRequest } from './api-client.ts';
import { decoded, listOf, objectOf, textOf } from './parse-object.ts';
import { type JsonShape, parseShaped } from './parse-shaped.ts';
import { refusalOf } from './refusal.ts';

/** Objects per page, as client-go asks for. */
const PAGE_OBJECTS = 500;
/** How often a list may begin again because the server forgot where it was. */
const MOST_RESTARTS = 5;
/** etcd compacted the revision that the continue token names; the list begins again at a new one. */
const GONE = 410;
/** Bytes before the items of a list: kind, version, position. */
const MOST_HEAD = 4096;
const POSITION_SHAPE = { continue: true, resourceVersion: true } as const;

export interface ListOptions<Item> {
  readonly request: ApiRequest;
  /** Undefined: not wanted. */
  readonly project: (object: unknown) => Item | undefined;
  /** What `project` looks at; all of each object without it. */
  readonly shape?: JsonShape;
  readonly signal: AbortSignal;
  readonly pageObjects?: number;
}

interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined;
  readonly version: string | undefined;
}

/** A list, and the version of the cluster that it shows; a watch goes on from there. */
export interface VersionedList<Item> {
  readonly items: readonly Item[];
  readonly version: string;
}

/** All objects of one revision. Errors: those of `ask`; PTL_API_REFUSED when the list expires again and again. */
export async function listObjects<Item>(client: ApiClient, options: ListOptions<Item>): Promise<readonly Item[]> {
  return (await listVersioned(client, options)).items;
}

/** The same with its version. */
export async function listVersioned<Item>(client: ApiClient, options: ListOptions<Item>): Promise<VersionedList<Item>> {
  for (let restart = 0; restart <= MOST_RESTARTS; restart += 1) {
    const list = await listOnce(client, options);
    if (list !== 'expired') return list;
  }
  const message = `Cannot list ${options.request.path}: it expired ${MOST_RESTARTS + 1} times before its last page, wanted all pages`;
  throw new PortolanError('PTL_API_REFUSED', message);
}

async function listOnce<Item>(client: ApiClient, options: ListOptions<Item>): Promise<VersionedList<Item> | 'expired'> {
  const items: Item[] = [];
  const seen = new Set<string>();
  const pages = new PagesAhead(client, options);
  let version = '';
  try {
    for (let from: string | undefined = ''; from !== undefined; ) {
      const page: Page<Item> | 'expired' = await pages.read(from);
      if (page === 'expired') return page;
      for (const item of page.items) items.push(item);
      version = page.version ?? version;
      from = page.next;
      if (from !== undefined && seen.has(from)) throw endless(options.request);
      if (from !== undefined) seen.add(from);
    }
    return { items, version };
  } finally {
    pages.close();
  }
}

/** Asks for the next page before it looks at the one that came: the server works on one while we work on the other. */
class PagesAhead<Item> {
  readonly #client: ApiClient;
  readonly #options: ListOptions<Item>;
  readonly #left = new AbortController();
  #ahead: { readonly from: string; readonly answer: Promise<ApiAnswer> } | undefined;

  constructor(client: ApiClient, options: ListOptions<Item>) {
    this.#client = client;
    this.#options = options;
  }

  async read(from: string): Promise<Page<Item> | 'expired'> {
    const { request } = this.#options;
    const answer = await (this.#ahead?.from === from ? this.#ahead.answer : this.#ask(from, () => undefined));
    if (answer.status === GONE) return 'expired';
    if (answer.status !== 200) throw refusalOf(answer, request, this.#client);
    const next = positionAhead(answer.body);
    if (next !== undefined) await this.#askAhead(next);
    return pageOf(answer.body, this.#options);
  }

  /** Whatever was asked for and is not wanted. */
  close(): void {
    this.#left.abort();
  }

  /** Until the request has left. */
  async #askAhead(from: string): Promise<void> {
    const sent = new Promise<void>((resolve) => {
      const answer = this.#ask(from, resolve);
      this.#ahead = { from, answer };
      answer.then(
        () => resolve(),
        () => resolve(),
      );
    });
    await sent;
  }

  #ask(from: string, onSent: () => void): Promise<ApiAnswer> {
    const { request, signal, pageObjects = PAGE_OBJECTS } = this.#options;
    const start = from === '' ? {} : { continue: from };
    const query = { ...request.query, limit: String(pageObjects), ...start };
    const page = { ...request, query, isBytes: true, onSent };
    return this.#client.send(page, AbortSignal.any([signal, this.#left.signal]));
  }
}

/** Where the next page begins, as the head of a list says before its items; undefined where it does not say so plainly. */
function positionAhead(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  const head = body.toString('latin1', 0, MOST_HEAD);
  const items = head.indexOf('"items":');
  return /"continue":"([\w.=~-]+)"/.exec(items < 0 ? '' : head.slice(0, items))?.[1];
}

function pageOf<Item>(answer: unknown, { request, project, shape }: ListOptions<Item>): Page<Item> {
  const body = objectOf(Buffer.isBuffer(answer) ? decodedPage(answer, shape) : answer);
  // An empty list of metadata has null for its items, as any empty list of Go may.
  if (!Array.isArray(body['items']) && body['items'] !== null) throw notAList(request);
  const items: Item[] = [];
  for (const object of listOf(body['items'])) {
    const item = project(object);
    if (item !== undefined) items.push(item);
  }
  const { continue: position, resourceVersion } = objectOf(body['metadata']);
  const next = textOf(position);
  return { items, next: next === '' ? undefined : next, version: textOf(resourceVersion) };
}

function decodedPage(text: Buffer, shape: JsonShape | undefined): unknown {
  if (shape === undefined) return decoded(text.toString('utf8'));
  try {
    return parseShaped(text, { metadata: POSITION_SHAPE, items: [shape] });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function notAList({ path }: ApiRequest): PortolanError {
  return new PortolanError(
    'PTL_API_ANSWER',
    `Cannot read ${path}: the answer has no items, wanted a list of Kubernetes`,
  );
}

/** A server that sends one position twice would be read forever. */
function endless({ path }: ApiRequest): PortolanError {
  return new PortolanError('PTL_API_ANSWER', `Cannot list ${path}: a position came twice, wanted each page once`);
}
