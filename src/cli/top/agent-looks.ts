// The nodes of a cluster by their agents, for the live view: each at a glance, from what its agent has at hand, and the one that
// is opened with a look of its own. A glance costs the agent nothing, and the API server one short connection.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { GlancedNode, NodeEntry, TopSnapshot } from '../../present/top/node-look.ts';
import { ObservedNode } from '../../present/top/observed-node.ts';
import type { GlanceMessage } from '../../protocol/glance-message.ts';
import type { TopSource } from './top-source.ts';

/** The way to the agent of a node, or why there is none. */
export type AgentWay =
  | { readonly node: string; readonly glance: Glance; readonly look: Look }
  | { readonly node: string; readonly why: string };

type Glance = (signal: AbortSignal) => Promise<GlanceMessage>;
type Look = (signal: AbortSignal) => Promise<NodeFacts>;

export interface AgentLooksOptions {
  /** What is watched, for messages. */
  readonly name: string;
  readonly intervalSeconds: number;
  /** How many agents are asked at once. */
  readonly concurrency: number;
  /** The nodes as they are now: asked for again from time to time. */
  readonly ways: (signal: AbortSignal) => Promise<readonly AgentWay[]>;
  readonly diagnose: (facts: NodeFacts) => Promise<Diagnosis>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** ISO 8601. */
  readonly wallClock: () => string;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Nodes come and go, and agents become ready. */
const WAYS_MILLISECONDS = 30_000;

export class AgentLooks implements TopSource {
  readonly name: string;
  readonly #options: AgentLooksOptions;
  readonly #lost = new Map<string, number>();
  #ways: { readonly found: readonly AgentWay[]; readonly at: number } | undefined;
  #entries: readonly NodeEntry[] = [];
  #opened: string | undefined;
  /** Ends the wait for the next round. */
  #wake: AbortController | undefined;
  #roundStart: number | undefined;
  #roundSeconds = 0;
  /** A node was opened since the last look. */
  #isAsked = false;

  constructor(options: AgentLooksOptions) {
    this.name = options.name;
    this.#options = options;
  }

  open(node: string | undefined): void {
    if (node === this.#opened) return;
    this.#opened = node;
    this.#isAsked = node !== undefined;
    if (this.#isAsked) this.#wake?.abort();
  }

  /** A round over all nodes; when one is opened in between, that one alone. */
  async next(signal: AbortSignal): Promise<TopSnapshot> {
    await this.#wait(signal);
    const isRound = !this.#isAsked || this.#entries.length === 0;
    this.#isAsked = false;
    await (isRound ? this.#round(signal) : this.#lookAtOpened(signal));
    const { intervalSeconds, wallClock } = this.#options;
    const actualSeconds = Math.max(intervalSeconds, this.#roundSeconds);
    return {
      at: wallClock(),
      nodes: this.#entries,
      pace: { intervalSeconds, actualSeconds, lookSeconds: this.#roundSeconds },
    };
  }

  async #wait(signal: AbortSignal): Promise<void> {
    if (this.#roundStart === undefined || this.#isAsked) return;
    const { now, sleep, intervalSeconds } = this.#options;
    const left = this.#roundStart + intervalSeconds * 1000 - now();
    if (left <= 0) return;
    this.#wake = new AbortController();
    await sleep(left, AbortSignal.any([signal, this.#wake.signal])).catch(() => undefined);
    this.#wake = undefined;
    signal.throwIfAborted();
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { now, concurrency } = this.#options;
    const start = now();
    this.#roundStart = start;
    const ways = await this.#freshWays(signal);
    const entries: NodeEntry[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < ways.length; index = next++) {
        const way = ways[index];
        if (way !== undefined) entries[index] = await this.#entryOf(way, signal);
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, ways.length) }, worker));
    this.#entries = entries;
    this.#roundSeconds = (now() - start) / 1000;
  }

  async #lookAtOpened(signal: AbortSignal): Promise<void> {
    const way = this.#ways?.found.find(({ node }) => node === this.#opened);
    if (way === undefined) return;
    const entry = await this.#entryOf(way, signal);
    this.#entries = this.#entries.map((known) => (known.node === entry.node ? entry : known));
  }

  async #freshWays(signal: AbortSignal): Promise<readonly AgentWay[]> {
    const { now, ways } = this.#options;
    if (this.#ways === undefined || now() - this.#ways.at > WAYS_MILLISECONDS)
      this.#ways = { found: await ways(signal), at: now() };
    return this.#ways.found;
  }

  /** An agent that does not answer keeps its row, with the reason. */
  async #entryOf(way: AgentWay, signal: AbortSignal): Promise<NodeEntry> {
    const { node } = way;
    if ('why' in way) return way;
    try {
      if (node !== this.#opened) return { node, glance: this.#glanced(await way.glance(signal)) };
      const facts = await way.look(signal);
      return { node, look: new ObservedNode(facts, await this.#options.diagnose(facts)) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PortolanError)) throw error;
      return { node, why: reasonOf(error) };
    }
  }

  #glanced({ node, glance, lostPackets }: GlanceMessage): GlancedNode {
    const before = this.#lost.get(node);
    this.#lost.set(node, lostPackets);
    // An agent that began anew counts from nothing.
    return before === undefined || before > lostPackets ? glance : { ...glance, lostPackets: lostPackets - before };
  }
}

/** "Cannot ask the agent of node x: it answers 503 (...), wanted an answer": the reason alone. */
function reasonOf({ message }: PortolanError): string {
  return (/^Cannot [^:]*: (.*), wanted [^,]*$/s.exec(message)?.[1] ?? message).replaceAll('\n', ' ');
}
