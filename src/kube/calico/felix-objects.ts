// FelixConfigurations as they are stored, whole: what shows or changes one must not lose what it does not know.
import type { CalicoApiGroup } from '../../core/model/calico/felix-configuration.ts';
import type { ApiAnswer, ResourceAccess } from '../access/api-client.ts';
import type { CalicoReader } from './read-calico-kinds.ts';

/** The path of all of them, or of one. */
export function felixPath(apiGroup: CalicoApiGroup, name?: string): string {
  const all = `/apis/${apiGroup}/felixconfigurations`;
  return name === undefined ? all : `${all}/${encodeURIComponent(name)}`;
}

export function felixAccess(apiGroup: CalicoApiGroup, verb: ResourceAccess['verb']): ResourceAccess {
  return { verb, group: apiGroup.split('/')[0] ?? '', resource: 'felixconfigurations' };
}

/** One of them, or the list of all; any status is an answer. */
export function getFelixObjects({ client, apiGroup, signal }: CalicoReader, name?: string): Promise<ApiAnswer> {
  const access = felixAccess(apiGroup, name === undefined ? 'list' : 'get');
  return client.send({ path: felixPath(apiGroup, name), access }, signal);
}
