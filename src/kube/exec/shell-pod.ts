// A pod whose network namespace is that of its node, and the container in it to run commands in.
export interface ShellPod {
  /** Name of the node. */
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** `pod calico-system/calico-node-x7f2p, container calico-node`. */
export function placeOf({ namespace, pod, container }: ShellPod): string {
  return `pod ${namespace}/${pod}, container ${container}`;
}
