// Calico's own objects: FelixConfigurations, IPPools and ClusterInformation.
import type { ClusterInformation } from '../../core/model/calico/cluster-information.ts';
import type { CalicoApiGroup, FelixConfiguration } from '../../core/model/calico/felix-configuration.ts';
import type { IpPool } from '../../core/model/calico/ip-pool.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { objectOf } from '../../core/kube-objects/parse-object.ts';
import { seen } from '../access/seen.ts';
import { parseClusterInformation, parseIpPool } from '../../core/kube-objects/parse-calico-kinds.ts';
import { parseFelixConfiguration } from '../../core/kube-objects/parse-felix-configuration.ts';

export interface CalicoReader {
  readonly client: ApiClient;
  readonly apiGroup: CalicoApiGroup;
  readonly signal: AbortSignal;
}

/** All of them, sorted by name. */
export async function readFelixConfigurations(reader: CalicoReader): Promise<Seen<readonly FelixConfiguration[]>> {
  const project = (object: unknown) => parseFelixConfiguration(object, reader.apiGroup);
  const listed = await readKind(reader, { resource: 'felixconfigurations', project });
  if (!listed.seen) return listed;
  return { seen: true, value: listed.value.toSorted((left, right) => (left.name < right.name ? -1 : 1)) };
}

export function readIpPools(reader: CalicoReader): Promise<Seen<readonly IpPool[]>> {
  return readKind(reader, { resource: 'ippools', project: parseIpPool });
}

/** The object `default`; an empty one where it is missing. */
export async function readClusterInformation(reader: CalicoReader): Promise<Seen<ClusterInformation>> {
  const project = (object: unknown) => {
    const isDefault = objectOf(objectOf(object)['metadata'])['name'] === 'default';
    return isDefault ? parseClusterInformation(object) : undefined;
  };
  const listed = await readKind(reader, { resource: 'clusterinformations', project });
  return listed.seen ? { seen: true, value: listed.value[0] ?? {} } : listed;
}

function readKind<Item>(
  { client, apiGroup, signal }: CalicoReader,
  { resource, project }: { resource: string; project: (object: unknown) => Item | undefined },
): Promise<Seen<readonly Item[]>> {
  const access: ResourceAccess = { verb: 'list', group: apiGroup.split('/')[0] ?? '', resource };
  return seen(access, () =>
    listObjects(client, { request: { path: `/apis/${apiGroup}/${resource}`, access }, project, signal }),
  );
}
