// Opens real TCP connections from this thread's namespace and keeps what became of each: its outcome and how long connect took.
import { connect, type Socket } from 'node:net';

/** Who ends a connection that was opened; `keep` leaves it open until the host stops. */
export type Closer = 'client' | 'server' | 'reset' | 'keep';

export interface TcpConnectOptions {
  readonly address: string;
  readonly port: number;
  /** How many to open; undefined goes on until `stop`. */
  readonly count?: number;
  /** Connects in flight at once. */
  readonly concurrency: number;
  readonly closer: Closer;
  /** Milliseconds until a connect counts as lost. */
  readonly timeoutMs: number;
  /** Milliseconds an opened connection lives before `client` or `reset` ends it. */
  readonly holdMs?: number;
  /** Upper bound on new connects a second. */
  readonly perSecond?: number;
  readonly localPort?: number;
}

/** `opened`, or why not: `timeout`, or the errno name that connect() gave. */
export interface TcpConnectReport {
  readonly tried: number;
  readonly opened: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Milliseconds connect() took, one per opened connection, in the order they opened. */
  readonly latenciesMs: readonly number[];
}

/** All outgoing connections of a host. */
export class TcpClients {
  readonly #kept = new Set<Socket>();
  #stopping = false;

  /** Runs to its count, or until `stop`. */
  async connect(options: TcpConnectOptions): Promise<TcpConnectReport> {
    this.#stopping = false;
    const tally = new ConnectTally();
    const pace = new Pace(options.perSecond);
    let started = 0;
    const lane = async (): Promise<void> => {
      while (!this.#stopping && (options.count === undefined || started < options.count)) {
        started += 1;
        await pace.turn();
        await this.#one(options, tally);
      }
    };
    await Promise.all(Array.from({ length: options.concurrency }, lane));
    return tally.report();
  }

  /** Lets running `connect` calls end after their connects in flight. */
  stop(): void {
    this.#stopping = true;
  }

  /** Ends every kept connection in the given manner. */
  release(closer: 'client' | 'reset'): void {
    for (const socket of this.#kept) end(socket, closer);
    this.#kept.clear();
  }

  #one(options: TcpConnectOptions, tally: ConnectTally): Promise<void> {
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const { address: host, port, localPort } = options;
      const socket = connect({ host, port, family: 4, ...(localPort === undefined ? {} : { localPort }) });
      const timer = setTimeout(() => settle('timeout'), options.timeoutMs);
      const settle = (outcome: string): void => {
        clearTimeout(timer);
        socket.destroy();
        tally.lost(outcome);
        resolve();
      };
      const refused = (error: NodeJS.ErrnoException): void => settle(error.code ?? 'error');
      socket.once('error', refused);
      socket.once('connect', () => {
        clearTimeout(timer);
        tally.opened(performance.now() - startedAt);
        socket.off('error', refused).on('error', () => {});
        this.#afterOpen(socket, { options, done: resolve });
      });
    });
  }

  #afterOpen(socket: Socket, { options, done }: { options: TcpConnectOptions; done: () => void }): void {
    socket.resume();
    const { closer, holdMs } = options;
    if (closer === 'keep') {
      this.#kept.add(socket);
      done();
    } else if (closer === 'server') {
      socket.once('close', done);
    } else if (holdMs === undefined) {
      socket.once('close', done);
      end(socket, closer);
    } else {
      setTimeout(() => end(socket, closer), holdMs);
      done();
    }
  }
}

function end(socket: Socket, closer: 'client' | 'reset'): void {
  if (closer === 'reset') socket.resetAndDestroy();
  else socket.end();
}

/** Counts outcomes while connects run. */
class ConnectTally {
  readonly #outcomes: Record<string, number> = {};
  readonly #latencies: number[] = [];

  opened(latencyMs: number): void {
    this.#latencies.push(Math.round(latencyMs * 10) / 10);
  }

  lost(outcome: string): void {
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
  }

  report(): TcpConnectReport {
    const opened = this.#latencies.length;
    const lost = Object.values(this.#outcomes).reduce((sum, count) => sum + count, 0);
    const outcomes = opened === 0 ? this.#outcomes : { ...this.#outcomes, opened };
    return { tried: opened + lost, opened, outcomes, latenciesMs: this.#latencies };
  }
}

/** Spreads turns evenly: at most `perSecond` of them. */
export class Pace {
  readonly #gapMs: number;
  #next = performance.now();

  constructor(perSecond: number | undefined) {
    this.#gapMs = perSecond === undefined ? 0 : 1000 / perSecond;
  }

  /** Resolves when it is this turn's time. */
  async turn(): Promise<void> {
    if (this.#gapMs === 0) return;
    const at = Math.max(this.#next, performance.now());
    this.#next = at + this.#gapMs;
    const wait = at - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
