// A node of the cluster as far as source NAT is concerned.
export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Those of Calico: its tunnel and BGP addresses stand there. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly addresses: readonly NodeAddress[];
  /** `linux` or `windows`. */
  readonly operatingSystem: string;
  /** The condition Ready, as its kubelet last reported it; absent: no kubelet has reported. */
  readonly isReady?: boolean;
  /** Whether new pods may come: not cordoned, and no taint that keeps out pods that do not tolerate it. Absent: not known. */
  readonly isSchedulable?: boolean;
}

export interface NodeAddress {
  /** `InternalIP`, `ExternalIP`, `Hostname`. */
  readonly type: string;
  readonly address: string;
}

export function isLinux({ operatingSystem }: ClusterNode): boolean {
  return operatingSystem !== 'windows';
}
