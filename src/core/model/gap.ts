// Something that could not be seen. A gap is not an error: it says which findings it weakens.

export type GapId =
  | 'flows'
  | 'flows-incomplete'
  | 'flow-details'
  | 'host-flows'
  | 'events'
  | 'counters'
  | 'nat-rules'
  | 'nat-rules-legacy'
  | 'nat-rules-backend'
  | 'ebpf-search'
  | 'nat-rule-unknown'
  | 'listeners'
  | 'links'
  | 'sysctls'
  | 'kernel-behaviour'
  | 'conntrack-absent'
  | 'remote-counters'
  | 'agent'
  | 'pod-settings'
  | 'felix-configurations'
  | 'felix-environment'
  | 'felix-environment-source'
  | 'felix-config-file'
  | 'nodes'
  | 'pods'
  | 'workloads'
  | 'services'
  | 'node-labels'
  | 'node-selector'
  | 'calico-version'
  | 'ip-pools'
  | 'node-port-range'
  | 'decoder';

export interface Gap {
  readonly id: GapId;
  /** What is not known, in a person's words. */
  readonly what: string;
  /** Why: `EPERM: needs CAP_NET_ADMIN`. */
  readonly why: string;
  /** What that weakens, in a person's words. */
  readonly weakens: string;
  /** A command or step that would close the gap, when there is one. */
  readonly remedy?: string;
}
