// From a pod's nearest owner to the one a person knows: ReplicaSet to Deployment, Job to CronJob. Where those may not be
// listed, the name is a guess by the way Kubernetes makes such names.
import type { Seen } from '../model/calico/seen.ts';
import type { Workload } from '../model/workload.ts';
import type { SharedWorkloads } from './shared-workloads.ts';

/** The kinds that have an owner of their own as a rule. */
export type MiddleKind = 'ReplicaSet' | 'Job';

export function isMiddleKind(kind: string): kind is MiddleKind {
  return kind === 'ReplicaSet' || kind === 'Job';
}

/** By `namespace/name`; an object that nothing controls is not in it. */
export type OwnersOfKind = Seen<ReadonlyMap<string, Workload>>;

export type OwnerLists = Readonly<Record<MiddleKind, OwnersOfKind>>;

/** The hash of a pod template: 32-bit FNV written in letters that spell no words (apimachinery, util/rand, SafeEncodeString). */
const TEMPLATE_HASH = /-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/;
/** A CronJob names its Jobs for the minute they were due (controller/cronjob/utils.go, getJobName). */
const DUE_MINUTE = /-\d{8}$/;

export class OwnerIndex {
  readonly #lists: OwnerLists;
  readonly #shared: SharedWorkloads;
  readonly #guessed = new Map<MiddleKind, number>();

  constructor(lists: OwnerLists, shared: SharedWorkloads) {
    this.#lists = lists;
    this.#shared = shared;
  }

  topOf(nearest: Workload): Workload {
    switch (nearest.kind) {
      case 'ReplicaSet':
        return this.#above('ReplicaSet', nearest, () => this.#named('Deployment', nearest, TEMPLATE_HASH));
      case 'Job':
        return this.#above('Job', nearest, () => this.#named('CronJob', nearest, DUE_MINUTE));
      default:
        return nearest;
    }
  }

  /** How many pods have a workload whose name is a guess. */
  guessedPods(kind: MiddleKind): number {
    return this.#guessed.get(kind) ?? 0;
  }

  #above(kind: MiddleKind, nearest: Workload, guess: () => Workload): Workload {
    const list = this.#lists[kind];
    if (list.seen) return list.value.get(`${nearest.namespace}/${nearest.name}`) ?? nearest;
    const guessed = guess();
    if (guessed !== nearest) this.#guessed.set(kind, this.guessedPods(kind) + 1);
    return guessed;
  }

  #named(kind: string, nearest: Workload, ending: RegExp): Workload {
    const name = nearest.name.replace(ending, '');
    return name === nearest.name ? nearest : this.#shared.of(kind, nearest.namespace, name);
  }
}
