// Whether VXLAN is on in a cluster, and on which UDP port, by Calico's own settings.
import { DEFAULT_CONFIGURATION, type FelixConfiguration } from '../model/calico/felix-configuration.ts';
import type { IpPool } from '../model/calico/ip-pool.ts';
import type { Seen } from '../model/calico/seen.ts';
import { VXLAN_PORT } from './lowest-start.ts';

export interface VxlanSources {
  readonly configurations: Seen<readonly FelixConfiguration[]>;
  readonly pools: Seen<readonly IpPool[]>;
}

/**
 * The port while VXLAN is on, undefined while it is off. Felix takes vxlanEnabled where it is set, else looks for a pool with
 * a VXLAN mode (felix/calc/encapsulation_resolver.go); only `default` is looked at, as nobody sets it per node.
 */
export function vxlanPortOf({ configurations, pools }: VxlanSources): Seen<number | undefined> {
  if (!configurations.seen) return configurations;
  const settings = configurations.value.find(({ name }) => name === DEFAULT_CONFIGURATION)?.settings;
  if (settings?.vxlanEnabled === false) return { seen: true, value: undefined };
  const port = settings?.vxlanPort ?? VXLAN_PORT;
  if (settings?.vxlanEnabled === true) return { seen: true, value: port };
  if (!pools.seen) return pools;
  const isOn = pools.value.some(({ vxlanMode }) => vxlanMode !== '' && vxlanMode !== 'Never');
  return { seen: true, value: isOn ? port : undefined };
}
