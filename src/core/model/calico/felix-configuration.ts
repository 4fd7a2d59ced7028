// A FelixConfiguration object as stored, as far as it bears on source NAT. The values are the written ones, undecoded:
// the API server of the CRD accepts values that Felix cannot read (api/pkg/lib/numorstring/port.go).

/** `crd.projectcalico.org/v1` objects keep their v3 metadata inside an annotation. */
export type CalicoApiGroup = 'crd.projectcalico.org/v1' | 'projectcalico.org/v3';

/** Fields of the spec other than natPortRange that decide how, where and whether pods' egress is translated; absent = unset. */
export interface FelixSnatSettings {
  /** SNAT to this address instead of masquerading. */
  readonly natOutgoingAddress?: string;
  /** `IPPoolsOnly` | `IPPoolsAndHostIPs`. */
  readonly natOutgoingExclusions?: string;
  readonly iptablesNATOutgoingInterfaceFilter?: string;
  /** `SNATFullyRandom=true,MASQFullyRandom=false`. */
  readonly featureDetectOverride?: string;
  /** `Legacy` | `NFT` | `Auto`. */
  readonly iptablesBackend?: string;
  /** `Disabled` | `Enabled` | `Auto`. */
  readonly nftablesMode?: string;
  readonly bpfEnabled?: boolean;
  /** Ranges as written, `30000:32767`: a hint at the NodePort range, not the truth. */
  readonly kubeNodePortRanges?: readonly string[];
  readonly vxlanEnabled?: boolean;
  readonly vxlanPort?: number;
  readonly wireguardEnabled?: boolean;
  readonly wireguardListeningPort?: number;
  readonly chainInsertMode?: string;
  readonly floatingIPs?: string;
}

export interface FelixConfiguration {
  readonly apiGroup: CalicoApiGroup;
  /** `default`, `node.<node name>`, or any other name with a node selector (Calico 3.32 and later). */
  readonly name: string;
  readonly resourceVersion: string;
  /** RFC 3339; among selector objects that match one node the oldest rules. */
  readonly creationTimestamp?: string;
  /** Of the object itself, not yet those inside `projectcalico.org/metadata`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** `spec.natPortRange` as JSON holds it; undefined when absent. Felix takes null for absent. */
  readonly natPortRange: unknown;
  readonly nodeSelector?: string;
  readonly settings: FelixSnatSettings;
}

export const DEFAULT_CONFIGURATION = 'default';

/** The name of the object that rules one node alone. */
export function nodeConfigurationName(node: string): string {
  return `node.${node}`;
}
