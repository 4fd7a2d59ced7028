// Whether a pod can be used to run commands on its node: it runs, it is not on its way out, and it shares the node's network.
import { type JsonObject, listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import type { ShellPod } from './shell-pod.ts';

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** Why a pod cannot be used, in a person's words, or the pod. */
export type ShellPodAnswer = { readonly pod: ShellPod } | { readonly unusable: string };

export interface ShellPodWish {
  /** Names of containers, the best first. */
  readonly containers: readonly string[];
  /** Whether a container of another name will do: for a pod that a person named. */
  readonly anyContainer: boolean;
}

export function parseShellPod(object: unknown, wish: ShellPodWish): ShellPodAnswer {
  const metadata = objectOf(objectOf(object)['metadata']);
  const spec = objectOf(objectOf(object)['spec']);
  const status = objectOf(objectOf(object)['status']);
  const node = textOf(spec['nodeName']) ?? '';
  const phase = textOf(status['phase']) ?? 'unknown';
  const container = containerOf(metadata, spec, wish);
  if (node === '') return { unusable: 'it is on no node' };
  if (spec['hostNetwork'] !== true) return { unusable: 'it has a network of its own (no hostNetwork)' };
  if (phase !== 'Running') return { unusable: `it is ${phase}` };
  if (metadata['deletionTimestamp'] !== undefined) return { unusable: 'it is being deleted' };
  if (container === undefined) return { unusable: `it has no container ${wish.containers.join(' or ')}` };
  if (!isRunning(status, container)) return { unusable: `its container ${container} does not run` };
  const namespace = textOf(metadata['namespace']) ?? '';
  return { pod: { node, namespace, pod: textOf(metadata['name']) ?? '', container } };
}

function containerOf(metadata: JsonObject, spec: JsonObject, wish: ShellPodWish): string | undefined {
  const names = listOf(spec['containers']).flatMap((container) => textOf(objectOf(container)['name']) ?? []);
  const known = wish.containers.find((name) => names.includes(name));
  if (known !== undefined || !wish.anyContainer) return known;
  const usual = textOf(objectOf(metadata['annotations'])[DEFAULT_CONTAINER]);
  return usual !== undefined && names.includes(usual) ? usual : names[0];
}

/** A pod is Running as long as one of its containers is; without statuses nothing speaks against it. */
function isRunning(status: JsonObject, container: string): boolean {
  const own = listOf(status['containerStatuses'])
    .map(objectOf)
    .find(({ name }) => name === container);
  return own === undefined || objectOf(own['state'])['running'] !== undefined;
}
