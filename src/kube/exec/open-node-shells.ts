// A shell on every node that has one: what cluster diagnosis reads nodes through while nothing is installed.
import type { ClusterClient } from '../access/api-client.ts';
import { findShellPods, nameShellPod, type PodName } from './find-shell-pods.ts';
import type { NodeShell } from './node-shell.ts';
import { PodShell } from './pod-shell.ts';

export interface NodeShells {
  /** By the node's name. */
  readonly shells: ReadonlyMap<string, NodeShell>;
  /** Why a node that is not among them has none, in a person's words. */
  readonly absence: {
    readonly why: string;
    readonly remedy?: string;
  };
}

export interface NodeShellOptions {
  /** Name of the only node that matters. */
  readonly node?: string | undefined;
  /** A pod that a person named; its node is the only one with a shell. */
  readonly pod?: PodName | undefined;
  readonly signal: AbortSignal;
}

/** Runs nothing yet. Errors: PTL_API_*; PTL_EXEC for a named pod that cannot be used. */
export async function openNodeShells(client: ClusterClient, options: NodeShellOptions): Promise<NodeShells> {
  const { node, pod, signal } = options;
  if (pod !== undefined) {
    const named = new PodShell(client, await nameShellPod(client, pod, signal));
    return {
      shells: new Map([[named.node, named]]),
      absence: { why: `pod ${pod.namespace}/${pod.name} is on node ${named.node}` },
    };
  }
  const found = await findShellPods(client, { node, signal });
  if (!found.seen) return { shells: new Map(), absence: found };
  const shells = new Map([...found.value].map(([name, place]) => [name, new PodShell(client, place)]));
  return {
    shells,
    absence: { why: 'no running pod of calico-node or kube-proxy there', remedy: '--exec-pod NAMESPACE/NAME' },
  };
}
