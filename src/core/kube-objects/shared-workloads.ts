// Workloads and the texts in them, each made once however many pods it has.
import type { Workload } from '../model/workload.ts';
import { SharedTexts } from './shared-texts.ts';

export class SharedWorkloads {
  readonly texts = new SharedTexts();
  readonly #byPlace = new Map<string, Workload>();

  of(kind: string, namespace: string, name: string): Workload {
    const key = `${kind} ${namespace}/${name}`;
    const known = this.#byPlace.get(key);
    if (known !== undefined) return known;
    const workload = { kind: this.texts.of(kind), namespace: this.texts.of(namespace), name };
    this.#byPlace.set(key, workload);
    return workload;
  }
}
