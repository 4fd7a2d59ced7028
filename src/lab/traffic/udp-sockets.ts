// Real UDP sockets of this thread's namespace: echo servers, and queries that each use a socket of their own, as resolvers do.
import { createSocket, type Socket } from 'node:dgram';
import { Pace } from './tcp-clients.ts';

export interface UdpServerOptions {
  readonly address?: string;
  readonly port: number;
  /** False: datagrams are taken and never answered. */
  readonly answers: boolean;
}

export interface UdpQueryOptions {
  readonly address: string;
  readonly port: number;
  /** How many; undefined goes on until `stop`. */
  readonly count?: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly perSecond?: number;
}

export interface UdpQueryReport {
  readonly sent: number;
  readonly answered: number;
  readonly unanswered: number;
}

/** All UDP sockets of a host. */
export class UdpSockets {
  readonly #servers = new Set<Socket>();
  #stopping = false;

  /** Resolves when it is bound. */
  async listen(options: UdpServerOptions): Promise<void> {
    const socket = createSocket('udp4');
    this.#servers.add(socket);
    socket.on('message', (bytes, from) => {
      if (options.answers) socket.send(bytes, from.port, from.address, () => {});
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(options.port, options.address ?? '0.0.0.0', resolve);
    });
    socket.on('error', () => {});
  }

  /** Each query is one datagram from a fresh socket, so one new flow. */
  async query(options: UdpQueryOptions): Promise<UdpQueryReport> {
    this.#stopping = false;
    const pace = new Pace(options.perSecond);
    let sent = 0;
    let answered = 0;
    const lane = async (): Promise<void> => {
      while (!this.#stopping && (options.count === undefined || sent < options.count)) {
        sent += 1;
        await pace.turn();
        if (await queryOnce(options)) answered += 1;
      }
    };
    await Promise.all(Array.from({ length: options.concurrency }, lane));
    return { sent, answered, unanswered: sent - answered };
  }

  stop(): void {
    this.#stopping = true;
  }

  close(): void {
    for (const socket of this.#servers) socket.close();
    this.#servers.clear();
  }
}

function queryOnce(options: UdpQueryOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const timer = setTimeout(() => settle(false), options.timeoutMs);
    const settle = (answered: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answered);
    };
    socket.once('error', () => settle(false));
    socket.once('message', () => settle(true));
    socket.send('portolan', options.port, options.address);
  });
}
