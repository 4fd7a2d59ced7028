// Lists objects and follows their changes for as long as the caller wants: through expired versions, ended and lost
// connections, half lines, errors among the events and servers that restart. No change is lost or told twice.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiAnswer, ApiRequest, ClusterClient, ResourceAccess, RetryWorld } from './api-client.ts';
import { listVersioned } from './list-objects.ts';
import { parseWatchLine } from './parse-watch-line.ts';
import { refusalOf } from './refusal.ts';
import { waitBefore } from './retry-policy.ts';
import { textLines } from './text-lines.ts';
import { type ItemChange, listedItem, WatchedItems } from './watched-items.ts';

export type WatchEvent<Item> =
  | ItemChange<Item>
  /** All that there was has been told, or a lost server is followed again. */
  | { readonly kind: 'synced' }
  /** From here on what was told may be old; `synced` follows when it is not any more. */
  | { readonly kind: 'lost'; readonly why: string };

export interface WatchOptions<Item> {
  /** Of the list: its path and, as the query, its selectors. */
  readonly request: ApiRequest & { readonly access: ResourceAccess };
  /** Undefined: not wanted. */
  readonly project: (object: unknown) => Item | undefined;
  readonly world: RetryWorld;
  readonly signal: AbortSignal;
}

/** The server ends a watch after this time; the same again by chance, so that not all watches end together (as client-go does). */
const WATCH_SECONDS = 300;
/** API servers send a bookmark about every minute where nothing else happens. */
const SILENCE_SECONDS = 150;
const GONE = 410;
/** A role or a kind that was taken away does not come back by asking again. */
const LASTING: ReadonlySet<string> = new Set(['PTL_API_FORBIDDEN', 'PTL_API_ABSENT']);

/**
 * Ends only by leaving the loop, by the signal (whose reason is thrown) or by an error. Errors: those of `listObjects` until
 * the first `synced`; after that only PTL_API_FORBIDDEN and PTL_API_ABSENT, all others are waited out.
 */
export async function* watchObjects<Item>(
  client: ClusterClient,
  options: WatchOptions<Item>,
): AsyncGenerator<WatchEvent<Item>, never, undefined> {
  const watch = new Watch(client, options);
  for (;;) yield* watch.round();
}

class Watch<Item> {
  readonly #client: ClusterClient;
  readonly #options: WatchOptions<Item>;
  readonly #items: WatchedItems<Item>;
  /** What the watch goes on from; undefined: a list is needed. */
  #version: string | undefined;
  #hasSynced = false;
  #isLost = false;
  /** Rounds since anything came. */
  #idleRounds = 0;

  constructor(client: ClusterClient, options: WatchOptions<Item>) {
    this.#client = client;
    this.#options = options;
    this.#items = new WatchedItems(options.project);
  }

  /** A list where one is needed, then one connection to its end, then a pause, longer where it brought nothing. */
  async *round(): AsyncGenerator<WatchEvent<Item>, void, undefined> {
    const { world, signal } = this.#options;
    signal.throwIfAborted();
    let trouble: string | undefined;
    try {
      if (this.#version === undefined) yield* this.#list();
      trouble = yield* this.#follow(this.#version ?? '');
    } catch (error) {
      trouble = this.#bearable(error);
    }
    signal.throwIfAborted();
    if (trouble !== undefined && !this.#isLost) {
      this.#isLost = true;
      yield { kind: 'lost', why: trouble };
    }
    this.#idleRounds += 1;
    await world.sleep(waitBefore(this.#idleRounds, world.random), signal);
  }

  async *#list(): AsyncGenerator<WatchEvent<Item>, void, undefined> {
    const { request, project, signal } = this.#options;
    const list = await listVersioned(this.#client, {
      request,
      project: (object) => listedItem(object, project),
      signal,
    });
    yield* this.#items.replaceAll(list.items);
    this.#version = list.version;
    this.#hasSynced = true;
    yield* this.#synced();
  }

  async *#synced(): AsyncGenerator<WatchEvent<Item>, void, undefined> {
    this.#isLost = false;
    yield { kind: 'synced' };
  }

  /** @returns what went wrong; undefined after a good end, or a version that expired. */
  async *#follow(version: string): AsyncGenerator<WatchEvent<Item>, string | undefined, undefined> {
    const answer = await this.#client.stream(this.#watchRequest(version), this.#options.signal);
    if (answer.kind === 'refused') return this.#refused(answer.answer);
    if (this.#isLost) yield* this.#synced();
    try {
      return yield* this.#lines(answer.chunks);
    } catch (error) {
      // Lost in the middle: what came whole has been told, the rest comes again.
      this.#options.signal.throwIfAborted();
      if (!(error instanceof PortolanError)) throw error;
      if (error.code !== 'PTL_API_UNREACHABLE') this.#version = undefined;
      return undefined;
    }
  }

  async *#lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent<Item>, string | undefined, undefined> {
    for await (const text of textLines(chunks)) {
      const line = parseWatchLine(text);
      if (line.kind === 'expired' || line.kind === 'failed') {
        this.#version = undefined;
        return line.kind === 'failed' ? line.why : undefined;
      }
      this.#idleRounds = 0;
      this.#version = line.version;
      if (line.kind === 'bookmark') continue;
      const change = line.kind === 'changed' ? this.#items.changed(line.object) : this.#items.deleted(line.object);
      if (change !== undefined) yield change;
    }
    return undefined;
  }

  #watchRequest(version: string) {
    const { request, world } = this.#options;
    const query = {
      ...request.query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds: String(Math.floor(WATCH_SECONDS * (1 + world.random()))),
    };
    return { ...request, access: this.#access(), query, silenceSeconds: SILENCE_SECONDS };
  }

  #access(): ResourceAccess {
    return { ...this.#options.request.access, verb: 'watch' };
  }

  #refused(answer: ApiAnswer): string | undefined {
    if (answer.status === GONE) {
      this.#version = undefined;
      return undefined;
    }
    const { request } = this.#options;
    throw refusalOf(answer, { ...request, access: this.#access() }, this.#client);
  }

  /** The words of an error that time may heal; throws any other. */
  #bearable(error: unknown): string {
    this.#options.signal.throwIfAborted();
    if (!(error instanceof PortolanError) || !this.#hasSynced || LASTING.has(error.code)) throw error;
    return error.message;
  }
}
