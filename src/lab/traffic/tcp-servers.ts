// The TCP servers of one host and how each treats a connection: real sockets of this thread's namespace.
import { createServer, type Server, type Socket } from 'node:net';

/** `hold`: stays until the client ends. `close-first`: ends at once. `never-close`: does not answer the client's FIN. */
export type ServerManner = 'echo' | 'hold' | 'close-first' | 'never-close';

export interface TcpServerOptions {
  /** Local address; any when undefined. */
  readonly address?: string;
  readonly port: number;
  readonly manner: ServerManner;
  /** listen() backlog. */
  readonly backlog?: number;
}

/** All listening servers and accepted connections of a host. */
export class TcpServers {
  readonly #servers = new Set<Server>();
  readonly #connections = new Set<Socket>();

  /** Resolves when it listens. */
  async listen(options: TcpServerOptions): Promise<void> {
    const server = createServer({ allowHalfOpen: options.manner === 'never-close' }, (socket) => {
      this.#accept(socket, options.manner);
    });
    this.#servers.add(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(
        { port: options.port, host: options.address ?? '0.0.0.0', backlog: options.backlog ?? 4096 },
        resolve,
      );
    });
  }

  /** Stops listening and resets every connection. */
  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#connections) socket.resetAndDestroy();
    this.#servers.clear();
  }

  #accept(socket: Socket, manner: ServerManner): void {
    this.#connections.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#connections.delete(socket));
    if (manner === 'echo') socket.pipe(socket);
    else socket.resume();
    if (manner === 'close-first') socket.end();
  }
}
