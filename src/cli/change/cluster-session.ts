// One command's way into a cluster: the client, the journal, the lock, and what a write is judged by.
import type { ChangedObject } from '../../core/advice/change/change.ts';
import { type RangeView, withoutChange } from '../../core/advice/change/plan-range-change.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { ChangeLock } from '../../act/change/change-lock.ts';
import { JournalStore } from '../../act/change/journal-store.ts';
import type { NodeWitness } from '../../act/change/node-witness.ts';
import type { ChangeHome } from '../../act/change/open-change.ts';
import type { ClusterClient } from '../../kube/access/api-client.ts';
import { openApiClient } from '../../kube/access/open-api-client.ts';
import { findFelixGroup } from '../../kube/calico/find-felix-group.ts';
import { readIpPools } from '../../kube/calico/read-calico-kinds.ts';
import { readRangeSources } from '../../kube/calico/read-range-sources.ts';
import { clusterRangeOf } from '../range/cluster-range-of.ts';
import type { Surroundings } from '../surroundings.ts';
import type { WitnessOptions } from './witness-options.ts';
import { readWriteFacts } from './write-facts.ts';

export interface ClusterRequest {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly journalNamespace: string;
  /** How nodes are looked at; absent where none is. */
  readonly choice?: WitnessOptions['choice'];
}

export interface ClusterSession extends ChangeHome {
  readonly client: ClusterClient;
  readonly surroundings: Surroundings;
  readonly choice: WitnessOptions['choice'];
}

/** Closes the client when `work` is over. Errors: PTL_KUBECONFIG and those of `work`. */
export async function withCluster<Result>(
  { kubeconfig, context, journalNamespace: namespace, choice }: ClusterRequest,
  surroundings: Surroundings,
  work: (session: ClusterSession) => Promise<Result>,
): Promise<Result> {
  const { variables, signal, wallClock, sleep, random } = surroundings;
  const client = await openApiClient({ kubeconfig, context, variables }, surroundings);
  try {
    const store = new JournalStore({ client, namespace, signal });
    const lock = new ChangeLock({ client, namespace, signal, wallClock });
    return await work({ client, store, lock, signal, sleep, random, surroundings, choice });
  } finally {
    client.close();
  }
}

/**
 * What the cluster says now; with the objects of an unfinished change, as if that change had written nothing. Errors:
 * PTL_CHANGE_REFUSED where it is not known what Calico reads, PTL_API_*.
 */
export async function readRangeView(
  { client, signal, surroundings }: ClusterSession,
  unfinished: readonly ChangedObject[] = [],
): Promise<RangeView> {
  const group = await findFelixGroup(client, { told: surroundings.variables['CALICO_API_GROUP'], signal });
  if (group.apiGroup === undefined || group.isGuess) throw unknownGroup(group.why);
  const sources = await readRangeSources(client, { node: undefined, asksNodePorts: false, group, signal });
  const { configurations, nodes } = sources;
  if (!nodes.seen) throw unread('the nodes', nodes);
  if (!configurations.seen) throw unread('the FelixConfigurations', configurations);
  const asIf = withoutChange(configurations.value, unfinished);
  const cluster = clusterRangeOf({ ...sources, configurations: { seen: true, value: asIf } }, undefined);
  return {
    cluster,
    apiVersion: group.apiGroup,
    configurations: asIf,
    facts: await readWriteFacts(client, sources, signal),
  };
}

/** Who looks at the nodes. */
export async function openWitness({ client, signal, surroundings, choice }: ClusterSession): Promise<NodeWitness> {
  const group = await findFelixGroup(client, { told: surroundings.variables['CALICO_API_GROUP'], signal });
  const pools =
    group.apiGroup === undefined ? undefined : await readIpPools({ client, apiGroup: group.apiGroup, signal });
  const { now, sleep, wallClock, measures } = surroundings;
  const seenPools = pools?.seen === true ? pools.value : [];
  return measures.openWitness({ client, pools: seenPools, choice, now, sleep, wallClock });
}

function unknownGroup(why: string): PortolanError {
  return new PortolanError(
    'PTL_CHANGE_REFUSED',
    `Cannot tell which FelixConfiguration Calico reads: ${why}, wanted one API group`,
    {
      hint: 'where both are served: set CALICO_API_GROUP to crd.projectcalico.org/v1 or projectcalico.org/v3, as calico-node has it',
    },
  );
}

function unread(what: string, { why, remedy }: { readonly why: string; readonly remedy?: string }): PortolanError {
  return new PortolanError(
    'PTL_API_FORBIDDEN',
    `Cannot judge a change: ${what} were not read (${why}), wanted them`,
    remedy === undefined ? {} : { hint: remedy },
  );
}
