// Calico's ClusterInformation object: which version runs and on what kind of cluster.

export interface ClusterInformation {
  /** `v3.28.2`; absent on clusters that never stored it. */
  readonly calicoVersion?: string;
  /** `k8s,bgp,kubeadm,typha,kdd`. */
  readonly clusterType?: string;
  readonly datastoreReady?: boolean;
  readonly variant?: string;
}
