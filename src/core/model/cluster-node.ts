// A node of the cluster as far as source NAT is concerned.
export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Those of Calico: its tunnel and BGP addresses stand there. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly addresses: readonly NodeAddress[];
  /** `linux` or `windows`. */
  readonly operatingSystem: string;
}

export interface NodeAddress {
  /** `InternalIP`, `ExternalIP`, `Hostname`. */
  readonly type: string;
  readonly address: string;
}

export function isLinux({ operatingSystem }: ClusterNode): boolean {
  return operatingSystem !== 'windows';
}
