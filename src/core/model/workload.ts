// What keeps a pod running, as far up its owners as they are known: the name that a person recognises.

/** A static pod's is its name without that of its node, which is the same on all nodes. */
export interface Workload {
  /** As the API writes it: `Deployment`, `StatefulSet`, `DaemonSet`, `CronJob`, ..., `Pod` for one without an owner, `Node` for a static one. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `payments/checkout`. */
export function workloadName({ namespace, name }: Workload): string {
  return `${namespace}/${name}`;
}

/** Equal for the same workload, different for all others. */
export function workloadKey({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}
