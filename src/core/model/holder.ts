// Who holds ports, by the name that a person recognises.
import { type Workload, workloadKey } from './workload.ts';

export type Holder =
  | { readonly kind: 'workload'; readonly workload: Workload }
  /** Programs of the node itself, and pods of its network, which share its addresses. */
  | { readonly kind: 'host' }
  /** An address of the pod network that no pod of the node has, or a flow that is older than the pod that has it now. */
  | { readonly kind: 'gone' }
  /** An address of neither: a virtual machine, a container outside Kubernetes, a pod network that is not known. */
  | { readonly kind: 'stranger' };

/** Equal for the same holder, different for all others. */
export function holderKey(holder: Holder): string {
  return holder.kind === 'workload' ? `workload ${workloadKey(holder.workload)}` : holder.kind;
}
