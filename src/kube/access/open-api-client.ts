// Opens the API server of a kubeconfig: credentials by the official library, requests and retries by ours.
import { Agent, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type {
  ApiAnswer,
  ApiRequest,
  ChannelEnd,
  ChannelRequest,
  ClusterClient,
  RetryWorld,
  StreamAnswer,
  StreamRequest,
} from './api-client.ts';
import { answerOf, collect, exchange, MOST_ANSWER_BYTES, openStream } from './http-transport.ts';
import { type ClusterChoice, firstLine, loadKubeconfig } from './load-kubeconfig.ts';
import { withRetries } from './retry-policy.ts';
import { converse, type TalkEnd } from './web-socket-channels.ts';

/** A server that is busy or restarts; other refusals of a conversation stay. */
const BUSY: ReadonlySet<number> = new Set([429, 503]);
/** Whatever else came of it, it is not tried again. */
const BEGUN = { status: 101, body: undefined };

/** Errors: PTL_KUBECONFIG. Asks nothing of the server yet. */
export async function openApiClient(choice: ClusterChoice, world: RetryWorld): Promise<ClusterClient> {
  return new KubeconfigClient(await loadKubeconfig(choice), world);
}

class KubeconfigClient implements ClusterClient {
  readonly context: string;
  readonly server: string;
  readonly #config: KubeConfig;
  readonly #world: RetryWorld;
  readonly #agents = new AgentCache();

  constructor(config: KubeConfig, world: RetryWorld) {
    this.#config = config;
    this.#world = world;
    this.context = config.currentContext;
    this.server = (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
  }

  async send(request: ApiRequest, caller: AbortSignal): Promise<ApiAnswer> {
    // Of its own: a signal that many requests listen to at once counts as a leak in Node.
    const signal = AbortSignal.any([caller]);
    const once = async () => {
      const options = await this.#credentials(request, signal);
      const { isBytes = false, onSent } = request;
      return exchange({ url: this.#urlOf(request), options, body: textOf(request), signal, isBytes, onSent });
    };
    const isSafe = request.body === undefined && request.isOnce !== true;
    return this.#reached(signal, () => (isSafe ? withRetries(once, { world: this.#world, signal }) : once()));
  }

  async stream(request: StreamRequest, caller: AbortSignal): Promise<StreamAnswer> {
    const signal = AbortSignal.any([caller]);
    return this.#reached(signal, async () => {
      const options: RequestOptions = { method: 'GET', headers: headersOf(request) };
      await this.#authorise(options, signal);
      const { silenceSeconds } = request;
      const response = await openStream({ url: this.#urlOf(request), options, signal, silenceSeconds });
      if (response.statusCode === 200) return { kind: 'open', chunks: this.#chunksOf(response, signal) };
      return { kind: 'refused', answer: answerOf(response, await collect(response, MOST_ANSWER_BYTES)) };
    });
  }

  async *#chunksOf(response: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const chunks = response[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#reached(signal, () => chunks.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await chunks.return?.();
    }
  }

  async converse(request: ChannelRequest, caller: AbortSignal): Promise<ChannelEnd> {
    const signal = AbortSignal.any([caller]);
    const ends: TalkEnd[] = [];
    const once = async () => {
      const authorise = (options: RequestOptions): Promise<void> => this.#authorise(options, signal);
      const end = await converse({ server: this.server, authorise, request, signal });
      ends.push(end);
      return end.kind === 'refused' && BUSY.has(end.answer.status) ? end.answer : BEGUN;
    };
    await this.#reached(signal, () => withRetries(once, { world: this.#world, signal }));
    const end = ends.at(-1) ?? { kind: 'cut', why: 'it never began' };
    if (end.kind === 'thrown') throw end.error;
    return end;
  }

  close(): void {
    this.#agents.close();
  }

  #urlOf({ path, query = {} }: ApiRequest): URL {
    const url = new URL(`${this.server}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /** Asked anew for each request: a token of an exec plugin, of OIDC or of a service account runs out in between. */
  async #credentials(request: ApiRequest, signal: AbortSignal): Promise<RequestOptions> {
    const options: RequestOptions = {
      method: methodOf(request),
      headers: headersOf(request),
    };
    await this.#authorise(options, signal);
    const hasProxy = this.#config.getCurrentCluster()?.proxyUrl !== undefined;
    return hasProxy || this.server.startsWith('http:') ? options : this.#agents.keepAlive(options);
  }

  async #authorise(options: RequestOptions, signal: AbortSignal): Promise<void> {
    try {
      await abortable(this.#config.applyToHTTPSOptions(options), signal);
    } catch (cause) {
      signal.throwIfAborted();
      const user = this.#config.getCurrentUser()?.name ?? '';
      const message = `Cannot get credentials for user ${user} of context ${this.context}: ${firstLine(cause)}, wanted a token or certificate`;
      throw new PortolanError('PTL_API_CREDENTIALS', message, { cause });
    }
  }

  async #reached<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof PortolanError ? error : this.#unreachable(error);
    }
  }

  #unreachable(cause: unknown): PortolanError {
    const code = cause instanceof Error && 'code' in cause ? `${String(cause.code)}: ` : '';
    const message = `Cannot reach the API server ${this.server}: ${code}${firstLine(cause)}, wanted an answer`;
    return new PortolanError('PTL_API_UNREACHABLE', message, { cause, facts: { server: this.server } });
  }
}

/** One connection for many requests: the library makes an agent, and so a TLS handshake, for each. */
class AgentCache {
  #agent: Agent | undefined;
  #identity = '';

  keepAlive(options: RequestOptions): RequestOptions {
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
    const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
    const identity = JSON.stringify(tls, (_, value: unknown) => value);
    if (this.#agent === undefined || identity !== this.#identity) {
      this.#agent?.destroy();
      this.#agent = new Agent({ ...withoutUndefined(tls), keepAlive: true, maxSockets: 4 });
      this.#identity = identity;
    }
    return { ...options, agent: this.#agent };
  }

  close(): void {
    this.#agent?.destroy();
  }
}

function withoutUndefined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

function methodOf({ body, replaces = false, removes = false, applies = false }: ApiRequest): Method {
  if (body === undefined) return 'GET';
  if (removes) return 'DELETE';
  if (applies) return 'PATCH';
  return replaces ? 'PUT' : 'POST';
}

/** A server that cannot leave out anything answers with the whole. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

function headersOf(request: ApiRequest): Record<string, string> {
  const accept = request.metadataOnly === true ? METADATA_ONLY : 'application/json';
  const common = { accept, 'user-agent': 'portolan' };
  const text = textOf(request);
  if (text === undefined) return common;
  // The patch of server-side apply is called YAML, of which JSON is a part.
  const type = request.applies === true ? 'application/apply-patch+yaml' : 'application/json';
  // Node sends the body of a DELETE without its length unless it is told, which garbles the connection for what follows.
  return { ...common, 'content-type': type, 'content-length': String(Buffer.byteLength(text)) };
}

function textOf({ body }: ApiRequest): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}

/** The library's credential plugins know no signal. */
async function abortable<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
