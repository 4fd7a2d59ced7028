// Drives one change: step by step forward, or back. What is about to be done is in the journal before it is done, and what came
// of it after, so that whoever comes next can go on or undo, wherever this program ends.
import {
  type ChangedObject,
  type ChangeJournal,
  type ChangeState,
  type ChangeStep,
  type NodeResult,
  objectTitle,
} from '../../core/advice/change/change.ts';
import {
  type ObjectEnd,
  type SeenObject,
  complete,
  intend,
  nextStep,
  withEnds,
  withResults,
  withState,
} from '../../core/advice/change/transitions.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { type PortRange, parseRange } from '../../core/model/port-range.ts';
import type { ApiClient } from '../../kube/access/api-client.ts';
import type { ChangeLock } from './change-lock.ts';
import type { JournalStore, StoredJournal } from './journal-store.ts';
import type { NodeWitness } from './node-witness.ts';
import { ObjectWriter } from './object-writer.ts';
import { verifyNodes } from './verify-nodes.ts';
import { watchRollout } from './watch-rollout.ts';

export interface DriverWorld {
  readonly client: ApiClient;
  readonly store: JournalStore;
  readonly lock: ChangeLock;
  /** Undefined only where nothing is verified. */
  readonly witness: NodeWitness | undefined;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** ISO 8601. */
  readonly wallClock: () => string;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Throws when the change may not go on, after someone else wrote to one of its objects. */
  readonly rejudge: (journal: ChangeJournal) => Promise<void>;
  readonly onStep: (journal: ChangeJournal, step: ChangeStep) => void;
  readonly onResult: (result: NodeResult) => void;
}

/** How often a lock is renewed while nodes are waited for. */
const RENEW_MILLISECONDS = 5000;

export class ChangeDriver {
  readonly #world: DriverWorld;
  readonly #writer: ObjectWriter;
  #stored: StoredJournal;
  #renewedAt: number;

  constructor(stored: StoredJournal, world: DriverWorld) {
    this.#stored = stored;
    this.#world = world;
    this.#renewedAt = world.now();
    this.#writer = new ObjectWriter({
      client: world.client,
      id: stored.journal.id,
      signal: world.signal,
      rejudge: () => world.rejudge(this.journal),
    });
  }

  /** As it stands in the cluster. */
  get journal(): ChangeJournal {
    return this.#stored.journal;
  }

  /** All steps that are left. @returns the nodes that failed their verification, at which it stops. */
  async forward(): Promise<readonly NodeResult[]> {
    for (;;) {
      const next = nextStep(this.journal);
      if (next === undefined) break;
      this.#world.onStep(this.journal, next.step);
      const failed = await this.#do(next.step, next.index);
      if (failed.length > 0) return failed;
    }
    await this.end('done', this.journal.note);
    return [];
  }

  /** Takes everything back that was written. Repeated after a break, it finds what is back already. */
  async back(note: string | undefined): Promise<void> {
    if (this.journal.state !== 'undoing' || note !== this.journal.note)
      await this.#save(withState(this.journal, 'undoing', note ?? this.journal.note));
    for (const object of this.journal.objects.toReversed()) {
      if (object.intendedAt === undefined || object.takenBack !== undefined) continue;
      const end = await this.#writer.takeBack(object);
      await this.#save(withEnds(this.journal, [end]));
    }
    await this.end('undone', this.journal.note);
  }

  /** Says in the journal how it ended and lets the next change in. */
  async end(state: Extract<ChangeState, 'done' | 'undone'>, note: string | undefined): Promise<void> {
    await this.#save(withState(this.journal, state, note));
    await this.#world.lock.release(this.journal.id);
  }

  /** It waits for a person: the lock stays. */
  async stop(note: string): Promise<void> {
    await this.#save(withState(this.journal, 'stopped', note));
  }

  async #do(step: ChangeStep, index: number): Promise<readonly NodeResult[]> {
    switch (step.do) {
      case 'write':
        await this.#writeAll(step, index);
        return [];
      case 'take-back':
        await this.#takeBackAll(step, index);
        return [];
      case 'verify':
        return this.#verify(step, index);
      case 'watch-rollout':
        return this.#watch(step, index);
    }
  }

  async #writeAll({ objects: titles }: Extract<ChangeStep, { do: 'write' }>, index: number): Promise<void> {
    const seen: SeenObject[] = [];
    for (const object of this.#objects(titles)) seen.push(await this.#writer.see(object));
    const isOther = this.#objects(titles).some(({ seenVersion }, each) => seen[each]?.version !== seenVersion);
    if (isOther) await this.#world.rejudge(this.journal);
    await this.#save(intend(this.journal, { index, seen, at: this.#world.wallClock() }));
    const ends: ObjectEnd[] = [];
    for (const object of this.#objects(titles)) ends.push(await this.#writer.write(object));
    await this.#save(complete(this.journal, { index, ends, at: this.#world.wallClock() }));
  }

  async #takeBackAll({ objects: titles }: Extract<ChangeStep, { do: 'take-back' }>, index: number): Promise<void> {
    await this.#save(intend(this.journal, { index, seen: [], at: this.#world.wallClock() }));
    const ends: ObjectEnd[] = [];
    for (const object of this.#objects(titles)) {
      ends.push(await this.#writer.takeBack(object));
      await this.#tick();
    }
    await this.#save(complete(this.journal, { index, ends, at: this.#world.wallClock() }));
  }

  async #verify({ nodes }: Extract<ChangeStep, { do: 'verify' }>, index: number): Promise<readonly NodeResult[]> {
    const { witness, signal, now, sleep, onResult, wallClock } = this.#world;
    const { verify: level, timeoutSeconds, at: since } = this.journal;
    if (witness === undefined || level === 'none') throw new TypeError('Cannot verify: no witness, wanted one');
    const question = { range: rangeOf(this.journal), level, timeoutSeconds, since };
    const tick = () => this.#tick();
    const results = await verifyNodes(nodes, question, { witness, signal, now, sleep, tick, onResult });
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    const noted = withResults(this.journal, results);
    await this.#save(failed.length > 0 ? noted : complete(noted, { index, ends: [], at: wallClock() }));
    return failed;
  }

  async #watch({ objects: titles }: Extract<ChangeStep, { do: 'watch-rollout' }>, index: number) {
    const { client, signal, now, sleep, onResult, wallClock } = this.#world;
    const failed: NodeResult[] = [];
    for (const { ref } of this.#objects(titles)) {
      const { timeoutSeconds } = this.journal;
      const result = await watchRollout(ref, { client, signal, now, sleep, timeoutSeconds, tick: () => this.#tick() });
      onResult(result);
      if (result.outcome === 'failed') failed.push(result);
      await this.#save(withResults(this.journal, [result]));
    }
    if (failed.length === 0) await this.#save(complete(this.journal, { index, ends: [], at: wallClock() }));
    return failed;
  }

  #objects(titles: readonly string[]): readonly ChangedObject[] {
    return this.journal.objects.filter(({ ref }) => titles.includes(objectTitle(ref)));
  }

  async #tick(): Promise<void> {
    const { now, lock } = this.#world;
    if (now() - this.#renewedAt < RENEW_MILLISECONDS) return;
    this.#renewedAt = now();
    await lock.renew(this.journal.id);
  }

  async #save(journal: ChangeJournal): Promise<void> {
    this.#stored = await this.#world.store.save(this.#stored, journal);
  }
}

/** Undefined for a change that sets none. */
function rangeOf({ range, id }: ChangeJournal): PortRange | undefined {
  if (range === undefined) return undefined;
  const parsed = parseRange(range);
  if (parsed.ok) return parsed.range;
  throw new PortolanError('PTL_JOURNAL', `Cannot read the journal of change ${id}: range ${range}, wanted FIRST:LAST`);
}
