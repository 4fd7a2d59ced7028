// Reads a whole list in pages, keeping of each object only what the caller projects, so that memory does not grow with what
// nobody looks at.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiClient, ApiRequest } from './api-client.ts';
import { listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { refusalOf } from './refusal.ts';

/** Objects per page, as client-go asks for. */
const PAGE_OBJECTS = 500;
/** How often a list may begin again because the server forgot where it was. */
const MOST_RESTARTS = 5;
/** etcd compacted the revision that the continue token names; the list begins again at a new one. */
const GONE = 410;

export interface ListOptions<Item> {
  readonly request: ApiRequest;
  /** Undefined: not wanted. */
  readonly project: (object: unknown) => Item | undefined;
  readonly signal: AbortSignal;
  readonly pageObjects?: number;
}

interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined;
}

/** All objects of one revision. Errors: those of `ask`; PTL_API_REFUSED when the list expires again and again. */
export async function listObjects<Item>(client: ApiClient, options: ListOptions<Item>): Promise<readonly Item[]> {
  for (let restart = 0; restart <= MOST_RESTARTS; restart += 1) {
    const items = await listOnce(client, options);
    if (items !== 'expired') return items;
  }
  const message = `Cannot list ${options.request.path}: it expired ${MOST_RESTARTS + 1} times before its last page, wanted all pages`;
  throw new PortolanError('PTL_API_REFUSED', message);
}

async function listOnce<Item>(client: ApiClient, options: ListOptions<Item>): Promise<Item[] | 'expired'> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let next: string | undefined = '';
  while (next !== undefined) {
    const page: Page<Item> | 'expired' = await readPage(client, options, next);
    if (page === 'expired') return page;
    items.push(...page.items);
    next = page.next;
    if (next !== undefined && seen.has(next)) throw endless(options.request);
    if (next !== undefined) seen.add(next);
  }
  return items;
}

async function readPage<Item>(
  client: ApiClient,
  { request, project, signal, pageObjects = PAGE_OBJECTS }: ListOptions<Item>,
  from: string,
): Promise<Page<Item> | 'expired'> {
  const position = from === '' ? {} : { continue: from };
  const page = { ...request, query: { ...request.query, limit: String(pageObjects), ...position } };
  const answer = await client.send(page, signal);
  if (answer.status === GONE) return 'expired';
  if (answer.status !== 200) throw refusalOf(answer, request, client);
  const body = objectOf(answer.body);
  if (!Array.isArray(body['items'])) throw notAList(request);
  const items = listOf(body['items']).flatMap((object) => {
    const item = project(object);
    return item === undefined ? [] : [item];
  });
  const next = textOf(objectOf(body['metadata'])['continue']);
  return { items, next: next === '' ? undefined : next };
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
