// The pods of the watched node and their workloads, followed through the API server for as long as the agent runs. Where that
// is away, what was known stays in use, and its age is said.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Gap } from '../../core/model/gap.ts';
import { type Pod, podName } from '../../core/model/pod.ts';
import { type Workload, workloadName } from '../../core/model/workload.ts';
import { isMiddleKind, type MiddleKind } from '../../core/kube-objects/owner-index.ts';
import { SharedWorkloads } from '../../core/kube-objects/shared-workloads.ts';
import type { ClusterClient, RetryWorld } from '../../kube/access/api-client.ts';
import type { WatchEvent } from '../../kube/access/watch-objects.ts';
import { readTopOwner } from '../../kube/resources/read-owner.ts';
import { watchPods } from '../../kube/resources/watch-pods.ts';
import type { PodsReport } from '../../protocol/metrics/metric.ts';
import { FormerPods } from './former-pods.ts';
import { PodIndex } from './pod-index.ts';

/** Rights may be granted later, and an API server that was away at the start comes back. */
const RETRY_MILLISECONDS = 30_000;
/** ReplicaSets come and go with every rollout; so many owners are remembered. */
const MOST_OWNERS = 10_000;

export interface NodePodsOptions {
  readonly client: ClusterClient;
  readonly node: string;
  readonly world: RetryWorld;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
  /** A line for whoever runs the agent. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

export class NodePods {
  readonly #options: NodePodsOptions;
  readonly #shared = new SharedWorkloads();
  readonly #index = new PodIndex();
  readonly #former = new FormerPods();
  readonly #owners = new Map<string, Workload>();
  /** Names of pods whose workload is a guess, with the pod as the API server has it. */
  readonly #guessed = new Map<string, Pod>();
  #ownersTrouble: string | undefined;
  /** Why what is known may be old; undefined while it is followed. */
  #trouble: string | undefined = 'not read yet';
  /** Since when; undefined: never known whole, or known whole now. */
  #oldSince: number | undefined;
  /** Names that the present list has told; undefined after it was told whole. */
  #listed: Set<string> | undefined;

  constructor(options: NodePodsOptions) {
    this.#options = options;
  }

  podOf(address: string): Pod | undefined {
    return this.#index.podOf(address);
  }

  /** The pod that had an address at a time of day: one that is there, or one of those that went since. */
  podAt(address: string, atMilliseconds: number): Pod | undefined {
    const hadBegun = ({ startedAt }: Pod): boolean =>
      startedAt !== undefined && Date.parse(startedAt) <= atMilliseconds;
    return [...this.#index.podsOf(address), ...this.#former.podsAt(address, atMilliseconds)]
      .filter(hadBegun)
      .toSorted((left, right) => Date.parse(right.startedAt ?? '') - Date.parse(left.startedAt ?? ''))[0];
  }

  /** All of this node; undefined while none has been told. */
  known(): readonly Pod[] | undefined {
    return this.report().ageSeconds === undefined ? undefined : this.#index.pods();
  }

  report(): PodsReport {
    const { now } = this.#options;
    const isFollowed = this.#trouble === undefined;
    const oldMilliseconds = this.#oldSince === undefined ? undefined : now() - this.#oldSince;
    const milliseconds = isFollowed ? 0 : oldMilliseconds;
    return {
      known: this.#index.size,
      ...(milliseconds === undefined ? {} : { ageSeconds: milliseconds / 1000 }),
      gaps: [...this.#podGap(), ...this.#workloadGap()],
    };
  }

  /** Until the signal is aborted; never throws for what the API server does. */
  async run(): Promise<void> {
    const { signal, world } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof PortolanError)) throw error;
        this.#lost(error.message);
      }
      await world.sleep(RETRY_MILLISECONDS, signal).catch(() => undefined);
    }
  }

  async #follow(): Promise<void> {
    const { client, node, world, signal } = this.#options;
    this.#listed = new Set();
    for await (const event of watchPods(client, { node, shared: this.#shared, world, signal })) await this.#take(event);
  }

  async #take(event: WatchEvent<Pod>): Promise<void> {
    if (event.kind === 'lost') this.#lost(event.why);
    else if (event.kind === 'synced') await this.#synced();
    else if (event.kind === 'deleted') this.#forget(event.item);
    else await this.#put(event.item);
  }

  async #synced(): Promise<void> {
    const listed = this.#listed;
    this.#listed = undefined;
    // A watch that began anew does not tell of pods that went while there was none.
    if (listed !== undefined) for (const pod of this.#index.pods()) if (!listed.has(podName(pod))) this.#forget(pod);
    this.#trouble = undefined;
    this.#oldSince = undefined;
    const guessed = [...this.#guessed.values()];
    for (const pod of guessed) await this.#put(pod);
  }

  #lost(why: string): void {
    if (this.#trouble !== why) this.#options.say(`Cannot follow the pods of the node: ${why}`);
    // Never known before: it has no age.
    if (this.#trouble === undefined) this.#oldSince = this.#options.now();
    this.#trouble = why;
  }

  #forget(pod: Pod): void {
    this.#guessed.delete(podName(pod));
    const known = this.#index.pods().find((each) => podName(each) === podName(pod));
    if (known !== undefined) this.#former.add(known, this.#options.clock());
    this.#index.remove(pod);
  }

  async #put(pod: Pod): Promise<void> {
    this.#listed?.add(podName(pod));
    const { workload } = pod;
    const { kind } = workload;
    this.#guessed.delete(podName(pod));
    if (!isMiddleKind(kind)) return this.#index.set(pod);
    const { top, isGuess } = await this.#topOf({ ...workload, kind });
    if (isGuess) this.#guessed.set(podName(pod), pod);
    this.#index.set({ ...pod, workload: top });
  }

  async #topOf(nearest: Workload & { readonly kind: MiddleKind }): Promise<{ top: Workload; isGuess: boolean }> {
    const key = `${nearest.kind} ${workloadName(nearest)}`;
    const known = this.#owners.get(key);
    if (known !== undefined) return { top: known, isGuess: false };
    const { client, signal } = this.#options;
    const { workload, lookup } = await readTopOwner(client, nearest, signal);
    this.#ownersTrouble = lookup.seen ? undefined : lookup.why;
    if (lookup.seen) this.#remember(key, workload);
    return { top: workload, isGuess: !lookup.seen };
  }

  #remember(key: string, workload: Workload): void {
    this.#owners.set(key, workload);
    const [oldest] = this.#owners.keys();
    if (this.#owners.size > MOST_OWNERS && oldest !== undefined) this.#owners.delete(oldest);
  }

  #podGap(): readonly Gap[] {
    if (this.#trouble === undefined) return [];
    const weakens = 'pods that began or ended since are not told apart';
    const age = this.#oldSince === undefined ? undefined : Math.round((this.#options.now() - this.#oldSince) / 1000);
    const why = age === undefined ? this.#trouble : `${this.#trouble}; known as of ${age} s ago`;
    return [{ id: 'pods', what: 'the pods of this node as they are now', why, weakens }];
  }

  #workloadGap(): readonly Gap[] {
    if (this.#guessed.size === 0) return [];
    const weakens = `the workload of ${this.#guessed.size} pods is a guess by the name of what made them`;
    return [{ id: 'workloads', what: 'which workloads own the pods', why: this.#ownersTrouble ?? 'not read', weakens }];
  }
}
