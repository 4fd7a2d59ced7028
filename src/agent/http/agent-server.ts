// The agent's HTTP server: liveness for everyone, metrics, facts and witnesses for who may. Whatever a client does, time, memory
// and connections it can take are bounded.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { type Authorizer, bearerToken } from './authorizer.ts';
import type { TlsPair } from './tls-files.ts';

/** What a path answers. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  /** Written in turn, each part when the client has taken the one before. */
  readonly parts: readonly (string | Uint8Array)[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  /** Answers without authorization. */
  readonly isOpen: boolean;
  readonly answer: (request: {
    readonly query: URLSearchParams;
    readonly accept: string | undefined;
  }) => Promise<Answer>;
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsPair;
  readonly authorizer: Authorizer;
  readonly routes: Readonly<Record<string, Route>>;
  /** Said once for each request that failed for a reason of the agent's own. */
  readonly warn: (text: string) => void;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** How long a client may take, for tests; the defaults below. */
  readonly patience?: Partial<Patience>;
}

export interface Patience {
  /** For the whole request to arrive. */
  readonly requestMilliseconds: number;
  /** Without a byte going either way, while an answer is being taken too. */
  readonly stallMilliseconds: number;
  /** For answers under way when the server closes. */
  readonly closeMilliseconds: number;
}

const PATIENCE: Patience = { requestMilliseconds: 5000, stallMilliseconds: 10_000, closeMilliseconds: 4000 };
const TLS = { minVersion: 'TLSv1.2' } as const;
const MOST_CONNECTIONS = 64;
const MOST_HEADER_BYTES = 32 * 1024;

export const TEXT = 'text/plain; charset=utf-8';

export class AgentServer {
  readonly #server: Server;
  readonly #options: ServerOptions;
  readonly #patience: Patience;
  readonly #closing = new AbortController();

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
    const limits = {
      maxHeaderSize: MOST_HEADER_BYTES,
      requestTimeout: this.#patience.requestMilliseconds,
      headersTimeout: this.#patience.requestMilliseconds,
      keepAliveTimeout: this.#patience.stallMilliseconds,
      connectionsCheckingInterval: Math.min(1000, this.#patience.requestMilliseconds),
    };
    const listener = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#respond(request, response);
    this.#server =
      options.tls === undefined
        ? createServer(limits, listener)
        : createTlsServer(
            { ...limits, ...options.tls, ...TLS, handshakeTimeout: this.#patience.requestMilliseconds },
            listener,
          );
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.setTimeout(this.#patience.stallMilliseconds);
  }

  /** Listens. Errors: PTL_LISTEN. */
  static async listen(options: ServerOptions): Promise<AgentServer> {
    const server = new AgentServer(options);
    const { host, port } = options;
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen({ host, port, cause })));
      server.#server.listen({ host, port, exclusive: true }, resolve);
    });
    return server;
  }

  /** `http://127.0.0.1:9976`. */
  get url(): string {
    const { address, family, port } = this.#address;
    const scheme = this.#options.tls === undefined ? 'http' : 'https';
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** From now on; connections that are open keep theirs. Throws for a pair that is none, and keeps the old one. */
  setTls(pair: TlsPair): void {
    if (this.#server instanceof TlsServer) this.#server.setSecureContext({ ...pair, ...TLS });
  }

  /** Takes no new request, lets answers under way end, for a while. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const finished = new AbortController();
    const impatience = this.#options.sleep(this.#patience.closeMilliseconds, finished.signal).then(
      () => {
        this.#closing.abort();
        this.#server.closeAllConnections();
      },
      () => undefined,
    );
    await closed;
    finished.abort();
    await impatience;
  }

  get #address(): AddressInfo {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('Cannot name the address: not listening');
    return address;
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await send(response, await this.#answer(request));
    } catch (error) {
      this.#options.warn(error instanceof Error ? error.message : String(error));
      if (!response.headersSent)
        await send(response, plain(500, 'the agent cannot answer; its log says why')).catch(() => undefined);
      response.destroy();
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://agent');
    const route = Object.hasOwn(this.#options.routes, pathname) ? this.#options.routes[pathname] : undefined;
    const isOpen = route?.isOpen === true;
    // Before anything is said of the path: who may ask nothing learns nothing.
    const refusal = isOpen ? undefined : await this.#refusal(request, pathname);
    if (refusal !== undefined) return refusal;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return { ...plain(405, 'only GET is answered'), headers: { allow: 'GET, HEAD' } };
    if (route === undefined) return plain(404, `wanted one of ${Object.keys(this.#options.routes).join(', ')}`);
    return this.#unhurried(request, () => route.answer({ query: searchParams, accept: request.headers.accept }));
  }

  /** While the agent makes an answer, which takes as long as the window that was asked for, no byte goes either way. */
  async #unhurried(request: IncomingMessage, work: () => Promise<Answer>): Promise<Answer> {
    request.socket.setTimeout(0);
    try {
      return await work();
    } finally {
      request.socket.setTimeout(this.#patience.stallMilliseconds);
    }
  }

  async #refusal(request: IncomingMessage, path: string): Promise<Answer | undefined> {
    const token = bearerToken(request.headers.authorization);
    const decision = await this.#options.authorizer.decide({ token, path, verb: 'get' }, this.#closing.signal);
    if (decision === 'allowed') return undefined;
    if (decision === 'unauthenticated')
      return { ...plain(401, 'wanted a bearer token'), headers: { 'www-authenticate': 'Bearer' } };
    if (decision === 'forbidden')
      return plain(403, `wanted a role with this rule: {nonResourceURLs: ["${path}"], verbs: ["get"]}`);
    return {
      ...plain(503, 'the API server, which decides who may ask, cannot be asked'),
      headers: { 'retry-after': '10' },
    };
  }
}

/** A line of text. */
export function plain(status: number, text: string): Answer {
  return { status, type: TEXT, parts: [`${text}\n`] };
}

/** Waits for the client before each further part, so that a slow one holds no second copy. */
async function send(response: ServerResponse, { status, type, parts, headers }: Answer): Promise<void> {
  const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  response.writeHead(status, {
    'content-type': type,
    'content-length': length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  const isHead = response.req.method === 'HEAD';
  for (const part of isHead ? [] : parts) {
    if (response.destroyed) return;
    if (!response.write(part)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

function cannotListen(given: {
  readonly host: string;
  readonly port: number;
  readonly cause: NodeJS.ErrnoException;
}): PortolanError {
  const { host, port, cause } = given;
  const wanted = cause.code === 'EADDRINUSE' ? 'a port that nobody listens on' : 'an address and port of this node';
  const message = `Cannot listen on ${host}:${port}: ${cause.code ?? cause.message}, wanted ${wanted}`;
  return new PortolanError('PTL_LISTEN', message, { cause, hint: `ss -ltnp "sport = :${port}" shows who listens` });
}
