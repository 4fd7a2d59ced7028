// The NodePort range of a cluster and how it is known: no API object holds it, so it is asked for, read off or assumed.
import type { PortRange } from './port-range.ts';

/** Strongest first: the API server's own answer, its flag, its allocator's metrics, Felix's hint, ports in use, the default. */
export type NodePortRangeSource =
  | 'api-server-answer'
  | 'api-server-flag'
  | 'allocator-metrics'
  | 'felix-hint'
  | 'observed'
  | 'assumed';

export interface NodePortRange {
  readonly range: PortRange;
  readonly source: NodePortRangeSource;
}

/** The default of kube-apiserver's --service-node-port-range. */
export const DEFAULT_NODE_PORTS: PortRange = { first: 30_000, last: 32_767 };
