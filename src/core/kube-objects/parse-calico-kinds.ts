// Takes IPPools and ClusterInformation out of their stored JSON.
import type { ClusterInformation } from '../model/calico/cluster-information.ts';
import type { IpPool } from '../model/calico/ip-pool.ts';
import { listOf, objectOf, textOf } from './parse-object.ts';

/** Undefined for an object without a name or CIDR. */
export function parseIpPool(object: unknown): IpPool | undefined {
  const name = textOf(objectOf(objectOf(object)['metadata'])['name']);
  const spec = objectOf(objectOf(object)['spec']);
  const cidr = textOf(spec['cidr']);
  if (name === undefined || cidr === undefined) return undefined;
  return {
    name,
    cidr,
    natOutgoing: spec['natOutgoing'] === true,
    disabled: spec['disabled'] === true,
    vxlanMode: textOf(spec['vxlanMode']) ?? 'Never',
    ipipMode: textOf(spec['ipipMode']) ?? 'Never',
    allowedUses: listOf(spec['allowedUses']).filter((use) => typeof use === 'string'),
  };
}

export function parseClusterInformation(object: unknown): ClusterInformation {
  const spec = objectOf(objectOf(object)['spec']);
  const calicoVersion = textOf(spec['calicoVersion']);
  const clusterType = textOf(spec['clusterType']);
  const variant = textOf(spec['variant']);
  const ready = spec['datastoreReady'];
  return {
    ...(calicoVersion === undefined || calicoVersion === '' ? {} : { calicoVersion }),
    ...(clusterType === undefined ? {} : { clusterType }),
    ...(typeof ready === 'boolean' ? { datastoreReady: ready } : {}),
    ...(variant === undefined ? {} : { variant }),
  };
}
