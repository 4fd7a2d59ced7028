// Tells the cluster what the agent sees of its node: a condition of the Node, and an Event at each change. Nothing that the API
// server does ends the agent: it is said once, and tried again.
import {
  applyCondition,
  type PublishedNode,
  readCondition,
  removeCondition,
} from '../../act/publish/node-condition.ts';
import { recordEvent } from '../../act/publish/node-event.ts';
import type { ErrorCode } from '../../core/errors/catalogue.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiClient } from '../../kube/access/api-client.ts';
import { EventLog } from './event-log.ts';
import { PressureGauge } from './pressure-gauge.ts';
import type { NodePressure } from './pressure-of-report.ts';

const LOOK_MILLISECONDS = 5000;
/** As a kubelet that has nothing new (nodeStatusReportFrequency). */
const HEARTBEAT_MILLISECONDS = 300_000;
/** Another reason under the same status. */
const REASON_MILLISECONDS = 60_000;
const FIRST_RETRY_MILLISECONDS = 30_000;
const LAST_RETRY_MILLISECONDS = 300_000;

/** What is told, as a line of the log names it. */
const CONDITION = 'the condition of the node';
const EVENT = 'an event';

export interface PublisherOptions {
  readonly client: ApiClient;
  readonly node: string;
  readonly see: () => NodePressure;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** A line for whoever runs the agent. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

interface Told {
  readonly pressure: NodePressure;
  readonly at: number;
}

export class NodePublisher {
  readonly #options: PublisherOptions;
  readonly #gauge = new PressureGauge();
  readonly #log = new EventLog();
  /** As the API server had it last; read anew after a failure, because the node may be another by then. */
  #published: PublishedNode | undefined;
  #told: Told | undefined;
  #retry = { at: 0, wait: FIRST_RETRY_MILLISECONDS };
  /** What failed, and the code with which it was said to fail: texts name objects, and each Event is another. */
  readonly #said = new Map<string, ErrorCode>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /**
   * Whether the API server takes the condition and lets Events be written; undefined while nothing was to be told yet. An Event
   * that was lost with the connection does not count: the next one comes with the next change only.
   */
  get isHeard(): boolean | undefined {
    const isRefused = this.#said.get(EVENT) === 'PTL_API_FORBIDDEN';
    if (this.#said.has(CONDITION) || isRefused) return false;
    return this.#told === undefined ? undefined : true;
  }

  /** Until the signal is aborted. */
  async run(): Promise<void> {
    const { signal, sleep } = this.#options;
    while (!signal.aborted) {
      await this.look();
      await sleep(LOOK_MILLISECONDS, signal).catch(() => undefined);
    }
  }

  /** Takes the condition away again, if it told one. */
  async withdraw(signal: AbortSignal): Promise<void> {
    if (this.#told === undefined) return;
    const { client, node, say } = this.#options;
    await removeCondition({ client, node, signal }).catch((error: unknown) => {
      if (signal.aborted) say('Cannot take the condition of the node away: no answer in time');
      else if (error instanceof PortolanError) say(`Cannot take the condition of the node away: ${error.message}`);
      else throw error;
    });
  }

  /** One look; writes where there is something to tell. */
  async look(): Promise<void> {
    const { see, now } = this.#options;
    const pressure = this.#gauge.note(see(), now());
    if (pressure === undefined || !this.#isDue(pressure)) return;
    const before = this.#told?.pressure;
    const isTold = await this.#attempt(CONDITION, () => this.#tell(pressure));
    this.#plan(isTold);
    if (isTold && isEventful(pressure, before)) await this.#attempt(EVENT, () => this.#record(pressure));
  }

  #isDue({ status, reason }: NodePressure): boolean {
    const now = this.#options.now();
    if (now < this.#retry.at) return false;
    if (this.#told === undefined || this.#told.pressure.status !== status) return true;
    const age = now - this.#told.at;
    return age >= (this.#told.pressure.reason === reason ? HEARTBEAT_MILLISECONDS : REASON_MILLISECONDS);
  }

  async #tell(pressure: NodePressure): Promise<void> {
    const { client, node, clock, now, signal } = this.#options;
    const place = { client, node, signal };
    this.#published ??= await readCondition(place);
    const lastHeartbeatTime = secondsText(clock());
    const { condition: known } = this.#published;
    const lastTransitionTime = known?.status === pressure.status ? known.lastTransitionTime : lastHeartbeatTime;
    const condition = { ...pressure, lastHeartbeatTime, lastTransitionTime };
    this.#published = await applyCondition(place, condition);
    this.#told = { pressure, at: now() };
  }

  async #record({ status, reason, message: note }: NodePressure): Promise<void> {
    const { client, node, clock, signal } = this.#options;
    const type = status === 'False' ? 'Normal' : 'Warning';
    const event = this.#log.note({ node, uid: this.#published?.uid ?? '', type, reason, note }, clock());
    if (event !== undefined) await recordEvent(client, event, signal);
  }

  #plan(isTold: boolean): void {
    const { wait } = this.#retry;
    if (isTold) {
      this.#retry = { at: 0, wait: FIRST_RETRY_MILLISECONDS };
      return;
    }
    this.#published = undefined;
    this.#retry = { at: this.#options.now() + wait, wait: Math.min(LAST_RETRY_MILLISECONDS, wait * 2) };
  }

  async #attempt(what: string, work: () => Promise<void>): Promise<boolean> {
    const { signal, say } = this.#options;
    try {
      await work();
      this.#said.delete(what);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (!(error instanceof PortolanError)) throw error;
      if (this.#said.get(what) !== error.code) say(`Cannot publish ${what}: ${error.message}`);
      this.#said.set(what, error.code);
      return false;
    }
  }
}

/** The first word of a node that has enough is none. */
function isEventful(pressure: NodePressure, before: NodePressure | undefined): boolean {
  if (before === undefined) return pressure.status === 'True';
  return before.status !== pressure.status || (pressure.status === 'True' && before.reason !== pressure.reason);
}

/** metav1.Time: whole seconds. */
function secondsText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
