// Which API group holds Calico's objects, chosen as Calico chooses it (libcalico-go/lib/backend/k8s/discovery.go): the
// variable CALICO_API_GROUP decides; else the newer group only where the usual one is absent.
import type { CalicoApiGroup } from '../../core/model/calico/felix-configuration.ts';
import type { ApiClient } from '../access/api-client.ts';
import { listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { ask } from '../access/refusal.ts';

export interface ApiGroupChoice {
  /** Undefined: the API server serves no objects of Calico. */
  readonly apiGroup: CalicoApiGroup | undefined;
  /** What decided, in a person's words. */
  readonly why: string;
  /** Both groups are served and what decides between them was not read. */
  readonly isGuess: boolean;
}

export const USUAL_GROUP = 'crd.projectcalico.org';
export const NEWER_GROUP = 'projectcalico.org';
const VARIABLE = 'CALICO_API_GROUP';

/** The names of all API groups, which everyone who is logged in may read. */
export async function readApiGroups(client: ApiClient, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const body = objectOf(await ask(client, { path: '/apis' }, signal));
  return new Set(listOf(body['groups']).flatMap((group) => textOf(objectOf(group)['name']) ?? []));
}

export interface ApiGroupEvidence {
  readonly served: ReadonlySet<string>;
  /** Values of CALICO_API_GROUP on calico-node; undefined when its environment was not read. */
  readonly variables: readonly string[] | undefined;
}

export function chooseApiGroup({ served, variables }: ApiGroupEvidence): ApiGroupChoice {
  const told = (variables ?? []).find((value) => value !== '');
  const usual = served.has(USUAL_GROUP);
  const newer = served.has(NEWER_GROUP);
  if (told !== undefined) {
    const apiGroup =
      told.toLowerCase() === 'projectcalico.org/v3' ? 'projectcalico.org/v3' : 'crd.projectcalico.org/v1';
    return { apiGroup, why: `${VARIABLE}=${told} on calico-node`, isGuess: false };
  }
  if (usual && newer)
    return {
      apiGroup: 'crd.projectcalico.org/v1',
      why: `both ${USUAL_GROUP} and ${NEWER_GROUP} are served and ${VARIABLE} ${variables === undefined ? 'was not read' : 'is not set'}`,
      isGuess: variables === undefined,
    };
  if (usual) return { apiGroup: 'crd.projectcalico.org/v1', why: `${USUAL_GROUP} is served`, isGuess: false };
  if (newer) return { apiGroup: 'projectcalico.org/v3', why: `only ${NEWER_GROUP} is served`, isGuess: false };
  return { apiGroup: undefined, why: `neither ${USUAL_GROUP} nor ${NEWER_GROUP} is served`, isGuess: false };
}
