// Felix, as far as SNAT ports go: watches FelixConfigurations on the API server, restarts when its configuration changes and
// then rewrites its node's rules. It knows nothing of Portolan; what it does is what Calico's documentation and sources say.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAccess } from '../api-access.ts';
import { type FelixConfig, felixConfig, type FelixObject, type FelixPlace } from './felix-layers.ts';
import type { FelixPorts } from './felix-value.ts';
import { watchCollection } from './watch-collection.ts';

export interface FelixTimes {
  /** From a changed configuration to the new rules; Calico's takes some seconds. */
  readonly restartMilliseconds: number;
  /** Not ready for so long before its pod is said not to be; Calico's readiness probe needs three failures in 30 s. */
  readonly unreadyMilliseconds: number;
}

/** What goes wrong from the next restart on; nothing without any of these. */
export interface FelixFault {
  /** It never comes up again: no rules are written, its pod is not ready. */
  readonly neverReady?: boolean;
  /** It comes up and leaves the rules as they were. */
  readonly neverApplies?: boolean;
  /** It writes these ports instead of the configured ones. */
  readonly applies?: FelixPorts;
  /** It takes so much longer. */
  readonly slowMilliseconds?: number;
}

export interface FelixOptions {
  readonly access: ApiAccess;
  /** Of the collection of FelixConfigurations. */
  readonly path: string;
  readonly place: FelixPlace;
  readonly times: FelixTimes;
  /** Rewrites the node's rules; without ports only the last of the five is left. */
  readonly apply: (ports: FelixPorts | undefined) => Promise<void>;
  /** Reports whether its pod is ready. */
  readonly report: (isReady: boolean) => Promise<void>;
}

const RETRY_MILLISECONDS = 200;
const yes = (): boolean => true;
const no = (): boolean => false;

type State = 'starting' | 'running' | 'stopped';

export class FelixStandIn {
  readonly #options: FelixOptions;
  readonly #stop = new AbortController();
  readonly #watch: Promise<void>;
  #objects: readonly FelixObject[] | undefined;
  #running: FelixConfig | undefined;
  #state: State = 'starting';
  #isReady = true;
  #fault: FelixFault = {};
  #restarts = 0;
  #life: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  /** Called whenever something may have changed for one who waits. */
  readonly #waiting = new Set<() => void>();

  constructor(options: FelixOptions) {
    this.#options = options;
    this.#begin(0);
    const { access, path } = options;
    this.#watch = watchCollection(access, {
      path,
      signal: this.#stop.signal,
      onChange: (objects) => this.#see(felixObjects(objects)),
    });
  }

  /** How often a change of its configuration has made it start over. */
  get restarts(): number {
    return this.#restarts;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** The ports of its configuration, which are in force unless something is wrong with it. */
  get ports(): FelixPorts | undefined {
    return this.#running?.ports;
  }

  /** What is wrong from its next restart on; `{}` heals one that is stuck, too. */
  setFault(fault: FelixFault): void {
    this.#fault = fault;
    this.#wake();
  }

  /** As a new pod, or a node that starts again: what it knew is gone. */
  restart(): void {
    this.#begin(this.#options.times.restartMilliseconds);
  }

  /** Resolves when it runs with a configuration that the condition accepts. */
  async untilRunning(isWanted: (ports: FelixPorts | undefined) => boolean = () => true): Promise<void> {
    while (!(this.#state === 'running' && isWanted(this.ports))) {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#news();
    }
  }

  async close(): Promise<void> {
    this.#state = 'stopped';
    this.#stop.abort();
    this.#wake();
    await Promise.all([this.#watch, this.#life]);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #see(objects: readonly FelixObject[]): void {
    this.#objects = objects;
    this.#wake();
    const config = felixConfig(objects, this.#options.place);
    // What it cannot read it does not know of: a running one goes on with what it had.
    if (this.#state !== 'running' || config === undefined || isSame(config, this.#running)) return;
    this.#restarts += 1;
    this.#begin(this.#options.times.restartMilliseconds);
  }

  #begin(milliseconds: number): void {
    this.#state = 'starting';
    const before = this.#life;
    this.#life = before
      .then(() => this.#start(milliseconds))
      .catch((error: unknown) => {
        // Nobody waits for a life; `close` tells.
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
        this.#wake();
      });
  }

  /** From process start to rules; a later `#begin` comes after it. */
  async #start(milliseconds: number): Promise<void> {
    const unready = setTimeout(() => void this.#say(false), milliseconds + this.#options.times.unreadyMilliseconds);
    try {
      await this.#sleep(milliseconds + (this.#fault.slowMilliseconds ?? 0));
      const config = await this.#loadable();
      if (config === undefined) return;
      this.#running = config;
      if (this.#fault.neverApplies !== true) await this.#options.apply(this.#fault.applies ?? config.ports);
      this.#state = 'running';
    } finally {
      clearTimeout(unready);
    }
    void this.#say(true);
    this.#wake();
    if (this.#objects !== undefined) this.#see(this.#objects);
  }

  /** Loops, unready, while there is nothing readable to start with; undefined when it is to end. */
  async #loadable(): Promise<FelixConfig | undefined> {
    for (;;) {
      if (this.#stop.signal.aborted) return undefined;
      const config = this.#objects === undefined ? undefined : felixConfig(this.#objects, this.#options.place);
      if (config !== undefined && this.#fault.neverReady !== true) return config;
      await this.#news();
    }
  }

  /** A server that is away hears it when it is back, if it is still so. */
  async #say(isReady: boolean): Promise<void> {
    if (isReady === this.#isReady) return;
    this.#isReady = isReady;
    while (this.#isReady === isReady && !this.#stop.signal.aborted) {
      if (await this.#options.report(isReady).then(yes, no)) return;
      await this.#sleep(RETRY_MILLISECONDS);
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  async #sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => {});
  }
}

/** Felix compares what it parsed: another object with the same outcome is no change. */
function isSame(one: FelixConfig, other: FelixConfig | undefined): boolean {
  const text = (config: FelixConfig | undefined): string =>
    JSON.stringify([
      config?.ports,
      Object.entries(config?.others ?? {}).toSorted(([left], [right]) => left.localeCompare(right)),
    ]);
  return text(one) === text(other);
}

/** The API server sends what its schema lets through. */
function felixObjects(objects: readonly unknown[]): readonly FelixObject[] {
  return objects as readonly FelixObject[];
}
