// Keeps of a calico-node pod what says whether its Felix is there.
import { listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';

export interface FelixPod {
  readonly namespace: string;
  readonly name: string;
  readonly isReady: boolean;
  /** It is being removed; another one takes its place. */
  readonly isEnding: boolean;
}

/** Undefined for an object without a name. */
export function parseFelixPod(object: unknown): FelixPod | undefined {
  const metadata = objectOf(objectOf(object)['metadata']);
  const [namespace, name] = [textOf(metadata['namespace']), textOf(metadata['name'])];
  if (namespace === undefined || name === undefined) return undefined;
  const conditions = listOf(objectOf(objectOf(object)['status'])['conditions']).map(objectOf);
  const ready = conditions.find(({ type }) => type === 'Ready');
  return {
    namespace,
    name,
    isReady: ready?.['status'] === 'True',
    isEnding: metadata['deletionTimestamp'] !== undefined,
  };
}
