// Which pod has an address now. An address is given to another pod while the old one is still listed: the one that began
// last has it, and the end of the old one takes nothing away from the new.
import { type Pod, podName } from '../../core/model/pod.ts';

export class PodIndex {
  readonly #byName = new Map<string, Pod>();
  readonly #byAddress = new Map<string, readonly Pod[]>();

  get size(): number {
    return this.#byName.size;
  }

  pods(): readonly Pod[] {
    return [...this.#byName.values()];
  }

  /** In the place of what was known of that name. */
  set(pod: Pod): void {
    this.remove(pod);
    this.#byName.set(podName(pod), pod);
    for (const address of addressesOf(pod))
      this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), pod].toSorted(newestFirst));
  }

  remove({ namespace, name }: Pick<Pod, 'namespace' | 'name'>): void {
    const key = `${namespace}/${name}`;
    const old = this.#byName.get(key);
    if (old === undefined) return;
    this.#byName.delete(key);
    for (const address of addressesOf(old)) this.#removeAt(address, old);
  }

  podOf(address: string): Pod | undefined {
    return this.podsOf(address)[0];
  }

  /** All that are listed with it, the last to begin first. */
  podsOf(address: string): readonly Pod[] {
    return this.#byAddress.get(address) ?? [];
  }

  #removeAt(address: string, old: Pod): void {
    const left = (this.#byAddress.get(address) ?? []).filter((pod) => pod !== old);
    if (left.length === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, left);
  }
}

/** Addresses of the node say nothing about a pod. */
function addressesOf({ addresses, isHostNetwork }: Pod): readonly string[] {
  return isHostNetwork ? [] : addresses;
}

/** RFC 3339 in UTC, as the API server writes it: its text sorts like its time. One without has not begun yet. */
function newestFirst({ startedAt: left = '' }: Pod, { startedAt: right = '' }: Pod): number {
  return left < right ? 1 : left > right ? -1 : 0;
}
