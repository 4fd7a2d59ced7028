// Which API group Felix reads, as far as a client can find out. Where both are served the reason decides: one group may be
// the other's view (Calico's own API server), or a migration is under way and only calico-node knows.
import type { ApiClient } from '../access/api-client.ts';
import { objectOf } from '../../core/kube-objects/parse-object.ts';
import { type ApiGroupChoice, NEWER_GROUP, USUAL_GROUP, chooseApiGroup, readApiGroups } from './choose-api-group.ts';
import { readNetworkDaemonSets } from './read-network-daemon-sets.ts';

export interface GroupQuestion {
  /** CALICO_API_GROUP of the person who asks; it decides when it is set. */
  readonly told: string | undefined;
  readonly signal: AbortSignal;
}

/** Errors: those of `ask`, for the list of groups. */
export async function findFelixGroup(client: ApiClient, { told, signal }: GroupQuestion): Promise<ApiGroupChoice> {
  const served = await readApiGroups(client, signal);
  if (told !== undefined && told !== '')
    return { ...chooseApiGroup({ served, variables: [told] }), why: `CALICO_API_GROUP=${told}` };
  const isDouble = served.has(USUAL_GROUP) && served.has(NEWER_GROUP);
  if (!isDouble) return chooseApiGroup({ served, variables: undefined });
  if (await isAggregated(client, signal))
    return {
      apiGroup: 'crd.projectcalico.org/v1',
      why: `${NEWER_GROUP} is served by Calico's own API server`,
      isGuess: false,
    };
  const daemonSets = await readNetworkDaemonSets(client, signal);
  const nodes = daemonSets.seen ? daemonSets.value.filter(({ network }) => network === 'calico') : [];
  const variables = nodes.flatMap(({ environment }) => environment?.variables['CALICO_API_GROUP'] ?? []);
  return chooseApiGroup({ served, variables: nodes.length === 0 ? undefined : variables });
}

/** An APIService with a service behind it is served by a program; without one by a definition. */
async function isAggregated(client: ApiClient, signal: AbortSignal): Promise<boolean> {
  const name = `v3.${NEWER_GROUP}`;
  const access = { verb: 'get', group: 'apiregistration.k8s.io', resource: 'apiservices' } as const;
  const answer = await client.send({ path: `/apis/apiregistration.k8s.io/v1/apiservices/${name}`, access }, signal);
  return answer.status === 200 && objectOf(objectOf(answer.body)['spec'])['service'] !== undefined;
}
