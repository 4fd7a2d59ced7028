// What one node's calico-node process was started with: its environment and its configuration file.
import type { Seen } from './seen.ts';

/** A variable whose value the pod spec takes from elsewhere. */
export interface UnreadVariable {
  /** The variable's name; undefined for a whole ConfigMap or Secret (`envFrom`), which may hold any. */
  readonly name?: string;
  /** `Secret calico-system/felix-settings key range`. */
  readonly from: string;
}

export interface FelixEnvironment {
  /** Variables of calico-node with known values, names as written. */
  readonly variables: Readonly<Record<string, string>>;
  readonly unread: readonly UnreadVariable[];
  /** The text of /etc/calico/felix.cfg; undefined when there is no such file. */
  readonly configFile: Seen<string | undefined>;
}
