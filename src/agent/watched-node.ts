// The main thread's hold on the thread that watches the node: its latest report, questions and answers, its end.
import { Worker } from 'node:worker_threads';
import { CATALOGUE, type ErrorCode } from '../core/errors/catalogue.ts';
import { PortolanError } from '../core/errors/portolan-error.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import { joinFacts } from '../observe/join-facts.ts';
import type { AgentReport } from '../protocol/agent-report.ts';
import type { WatchMessage, WatchRequest, WatchStart, WhoAnswer } from './watch-messages.ts';

export interface WatchedNodeOptions extends WatchStart {
  /** What the node is called. */
  readonly name: string;
}

interface Waiting {
  readonly resolve: (message: WatchMessage) => void;
  readonly reject: (error: Error) => void;
}

export class WatchedNode {
  readonly #options: WatchedNodeOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  readonly #endings = new AbortController();
  /** Resolves with the first report. */
  readonly looked: Promise<void>;
  #firstLook: () => void = () => undefined;
  #nextId = 1;
  #report: AgentReport | undefined;
  #failure: Error | undefined;
  #isStopping = false;

  constructor(options: WatchedNodeOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./worker/main.js', import.meta.url), { workerData: options });
    this.#worker.on('message', (message: WatchMessage) => this.#settle(message));
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.looked = new Promise((resolve) => (this.#firstLook = resolve));
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#fail(
          new PortolanError('PTL_CANNOT_MEASURE', 'Cannot watch the node: its thread ended, wanted it running'),
        );
        resolve();
      });
    });
  }

  get name(): string {
    return this.#options.name;
  }

  /** The latest report; undefined before the first look is over. */
  get report(): AgentReport | undefined {
    return this.#report;
  }

  /** Why the node is watched no longer; undefined while it is. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Rejects when the node is watched no longer, unless it was stopped. */
  get failed(): Promise<never> {
    return new Promise((_, reject) => {
      const { signal } = this.#endings;
      const fail = (): void => reject(this.#failure ?? new Error('Cannot watch the node: it was stopped'));
      if (signal.aborted) fail();
      signal.addEventListener('abort', fail, { once: true });
    });
  }

  /** A report of this moment. */
  async reportNow(): Promise<AgentReport> {
    const message = await this.#ask((id) => ({ kind: 'report', id }));
    if (message.kind !== 'report') throw new TypeError('Cannot read a report: another answer came');
    return message.report;
  }

  /** What observeNode would read; with `windowSeconds` counters and new flows are watched so long first. */
  async facts(windowSeconds?: number): Promise<NodeFacts> {
    const window = windowSeconds === undefined ? {} : { windowSeconds };
    const message = await this.#ask((id) => ({ kind: 'facts', id, ...window }));
    if (message.kind !== 'facts') throw new TypeError('Cannot read facts: another answer came');
    const { behaviour, name } = this.#options;
    return joinFacts(message.readings, { behaviour, name });
  }

  /** Who held a port at a time of day. */
  async who(port: number, atMilliseconds: number): Promise<WhoAnswer> {
    const message = await this.#ask((id) => ({ kind: 'who', id, port, atMilliseconds }));
    if (message.kind !== 'who') throw new TypeError('Cannot read who held a port: another answer came');
    return message.answer;
  }

  /** Ends the thread; what was asked is answered no longer. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const request: WatchRequest = { kind: 'stop' };
    this.#worker.postMessage(request);
    await this.#ended;
  }

  #ask(request: (id: number) => WatchRequest): Promise<WatchMessage> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(request(id));
    });
  }

  #settle(message: WatchMessage): void {
    if (message.kind === 'failed') return this.#fail(reported(message));
    if (message.kind === 'report') {
      this.#report = message.report;
      this.#firstLook();
    }
    if (message.id === undefined) return;
    this.#waiting.get(message.id)?.resolve(message);
    this.#waiting.delete(message.id);
  }

  #fail(error: Error): void {
    if (!this.#isStopping) {
      this.#failure ??= error;
      this.#endings.abort();
    }
    for (const { reject } of this.#waiting.values()) reject(this.#failure ?? error);
    this.#waiting.clear();
  }
}

function reported(message: Extract<WatchMessage, { kind: 'failed' }>): PortolanError {
  const code: ErrorCode = isErrorCode(message.code) ? message.code : 'PTL_CANNOT_MEASURE';
  return new PortolanError(code, message.message, message.hint === undefined ? {} : { hint: message.hint });
}

function isErrorCode(code: string): code is ErrorCode {
  return code in CATALOGUE;
}
