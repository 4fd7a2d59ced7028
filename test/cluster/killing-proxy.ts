// Stands between a program and the API server and ends the program at a chosen request: before the server gets it, or after the
// server has done it and before the program hears so.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Server, createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ApiAccess } from './api-access.ts';
import { CertificateAuthority, readCertificate } from './certificate-authority.ts';

export interface Deadly {
  /** Counted from 1. */
  readonly number: number;
  /** What is counted: writes are all requests but GET. */
  readonly of: 'requests' | 'writes';
  readonly when: 'before' | 'after';
}

export class KillingProxy {
  readonly #access: ApiAccess;
  readonly #server: Server;
  #count = 0;
  #deadly: Deadly | undefined;
  #kill: () => void = () => undefined;
  /** Method of the deadly request; undefined while it has not come. */
  killedAt: string | undefined;

  readonly #authority: string;

  private constructor(access: ApiAccess, folder: string) {
    const authority = new CertificateAuthority(folder);
    const serving = authority.issue('proxy', { subject: '/CN=proxy', purpose: 'serverAuth', names: 'IP:127.0.0.1' });
    const { certificate, key } = readCertificate(serving);
    this.#access = access;
    this.#authority = readFileSync(authority.files.certificate, 'utf8');
    this.#server = createServer({ cert: certificate, key }, (incoming, outgoing) => this.#handle(incoming, outgoing));
  }

  /** Keeps its certificates in the folder. */
  static async start(access: ApiAccess, folder: string): Promise<KillingProxy> {
    const proxy = new KillingProxy(access, folder);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The way in, for the same user. */
  get access(): ApiAccess {
    const address: AddressInfo | string | null = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { ...this.#access, server: `https://127.0.0.1:${port}`, authority: this.#authority };
  }

  /** For the next program. */
  arm(deadly: Deadly, kill: () => void): void {
    this.#count = 0;
    this.#deadly = deadly;
    this.#kill = kill;
    this.killedAt = undefined;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const counts = this.#deadly?.of === 'requests' || incoming.method !== 'GET';
    if (counts) this.#count += 1;
    const isDeadly = counts && this.#count === this.#deadly?.number;
    if (isDeadly) this.killedAt = incoming.method;
    if (isDeadly && this.#deadly?.when === 'before') {
      this.#kill();
      return;
    }
    const { host: _host, connection: _connection, ...headers } = incoming.headers;
    const options = { method: incoming.method, headers, ca: this.#access.authority, agent: false };
    const sent = httpsRequest(new URL(incoming.url ?? '/', this.#access.server), options, (response) => {
      if (isDeadly) {
        response.resume();
        response.once('end', this.#kill);
        return;
      }
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    sent.once('error', () => outgoing.destroy());
    incoming.pipe(sent);
  }
}
