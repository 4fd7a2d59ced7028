// Waits until a workload runs its new template everywhere, as kubectl rollout status does.
import { type NodeResult, type ObjectRef, objectPath, objectTitle } from '../../core/advice/change/change.ts';
import { formatInteger } from '../../core/model/number-text.ts';
import type { ApiClient, ApiRequest } from '../../kube/access/api-client.ts';
import { type JsonObject, numberOf, objectOf } from '../../core/kube-objects/parse-object.ts';
import { ask } from '../../kube/access/refusal.ts';

const PAUSE_MILLISECONDS = 2000;

export interface RolloutWorld {
  readonly client: ApiClient;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Called between looks: a sign of life. */
  readonly tick: () => Promise<void>;
  readonly timeoutSeconds: number;
}

/** Named by the workload, in the place of a node. Errors: those of `ask`. */
export async function watchRollout(ref: ObjectRef, world: RolloutWorld): Promise<NodeResult> {
  const node = objectTitle(ref);
  const namespace = ref.kind === 'FelixConfiguration' ? {} : { namespace: ref.namespace };
  const access = { verb: 'get', group: 'apps', resource: `${ref.kind.toLowerCase()}s`, ...namespace } as const;
  const request: ApiRequest = { path: objectPath(ref), access };
  const startedAt = world.now();
  for (;;) {
    const missing = missingOf(objectOf(await ask(world.client, request, world.signal)));
    const seconds = (world.now() - startedAt) / 1000;
    if (missing === undefined) return { node, outcome: 'verified', evidence: 'all pods run the new template', seconds };
    if (seconds >= world.timeoutSeconds)
      return { node, outcome: 'failed', evidence: `not within ${world.timeoutSeconds} s: ${missing}`, seconds };
    await world.tick();
    await world.sleep(PAUSE_MILLISECONDS, world.signal);
  }
}

/** Undefined when the rollout is over (kubectl pkg/polymorphichelpers/rollout_status.go). */
function missingOf(object: JsonObject): string | undefined {
  const status = objectOf(object['status']);
  const wanted = numberOf(objectOf(object['spec'])['replicas']) ?? 1;
  const count = (name: string): number => numberOf(status[name]) ?? 0;
  if (count('observedGeneration') < (numberOf(objectOf(object['metadata'])['generation']) ?? 0))
    return 'its controller has not seen the new template';
  const updated = count('updatedReplicas');
  if (updated < wanted) return `${formatInteger(updated)} of ${formatInteger(wanted)} pods run the new template`;
  const old = count('replicas') - updated;
  if (old > 0) return `${formatInteger(old)} old pods are still there`;
  const ready = object['kind'] === 'StatefulSet' ? count('readyReplicas') : count('availableReplicas');
  return ready < wanted ? `${formatInteger(ready)} of ${formatInteger(wanted)} pods are ready` : undefined;
}
