// The FelixConfigurations of a cluster sorted once for all its nodes: thousands of nodes may have an object each.
import { DEFAULT_CONFIGURATION, type FelixConfiguration } from '../model/calico/felix-configuration.ts';
import { decodeNatPortRange } from './parse-nat-port-range.ts';

export interface ConfigurationIndex {
  readonly byName: ReadonlyMap<string, FelixConfiguration>;
  /** Neither `default` nor a node's. */
  readonly others: readonly FelixConfiguration[];
  /** Objects that no Felix can read: while one is stored, Felix reads no FelixConfiguration at all. */
  readonly unreadable: readonly FelixConfiguration[];
}

const INDEXES = new WeakMap<readonly FelixConfiguration[], ConfigurationIndex>();

/** The index of a list; made once per list, which must not change afterwards. */
export function configurationIndex(configurations: readonly FelixConfiguration[]): ConfigurationIndex {
  const known = INDEXES.get(configurations);
  if (known !== undefined) return known;
  const index: ConfigurationIndex = {
    byName: new Map(configurations.map((configuration) => [configuration.name, configuration])),
    others: configurations.filter(({ name }) => name !== DEFAULT_CONFIGURATION && !name.startsWith('node.')),
    unreadable: configurations.filter(
      ({ natPortRange }) => decodeNatPortRange(natPortRange).felix.kind === 'unreadable',
    ),
  };
  INDEXES.set(configurations, index);
  return index;
}
