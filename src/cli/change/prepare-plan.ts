// From a remedy of a saved plan to the change that makes it so.
import type { ObjectRef } from '../../core/advice/change/change.ts';
import type { PlannedChange } from '../../core/advice/change/plan-range-change.ts';
import { planSpread } from '../../core/advice/change/spread-steps.ts';
import type { Plan, Remedy } from '../../core/advice/plan.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { objectOf } from '../../core/kube-objects/parse-object.ts';
import { ask } from '../../kube/access/refusal.ts';
import { readPlan } from '../plan/plan-file.ts';
import { quotedWord } from '../plan/quoted-word.ts';
import type { ApplyRequest, ApplySource } from './apply-request.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { FirstLooks } from './first-looks.ts';
import { prepareRangeChange } from './prepare-range-change.ts';

/** Errors: PTL_PLAN_FILE, PTL_CHANGE_REFUSED for a remedy that is not for this command; those of prepareRangeChange. */
export async function preparePlan(
  session: ClusterSession,
  {
    source,
    request,
    looks,
  }: {
    readonly source: Extract<ApplySource, { kind: 'plan' }>;
    readonly request: ApplyRequest;
    readonly looks?: FirstLooks;
  },
): Promise<PlannedChange> {
  const plan = readPlan(source.path);
  refuseElsewhere(plan, source, session);
  const remedy = plan.remedies.find(({ rank }) => rank === source.rank);
  if (remedy === undefined) throw noRemedy(plan, source);
  const { change } = remedy;
  if (change.kind === 'nat-port-range') {
    const range = `${change.to.first}:${change.to.last}`;
    return prepareRangeChange(session, {
      source: { kind: 'range', range, nodes: [], selector: undefined, configuration: undefined },
      request,
      ...(looks === undefined ? {} : { looks }),
    });
  }
  if (change.kind !== 'spread') throw byHand(remedy);
  const ref = workloadOf(plan, remedy);
  const resource = `${ref.kind.toLowerCase()}s`;
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(ref.namespace)}/${resource}/${encodeURIComponent(ref.name)}`;
  const access = { verb: 'get', group: 'apps', resource, namespace: ref.namespace } as const;
  const workload = objectOf(await ask(session.client, { path, access }, session.signal));
  const { verify } = request;
  return planSpread({
    change,
    ref,
    workload,
    cluster: session.client.context,
    verify,
    risks: remedy.risks.slice(0, 2),
  });
}

/** The figures of one cluster say nothing of another. */
function refuseElsewhere({ cluster }: Plan, { path }: { readonly path: string }, { client }: ClusterSession): void {
  if (cluster === undefined || cluster.context === client.context) return;
  throw new PortolanError(
    'PTL_CHANGE_REFUSED',
    `Cannot apply ${path}: it was made for context ${cluster.context} and this is ${client.context}, wanted one cluster`,
    { hint: `--context ${quotedWord(cluster.context)}; or plan for this one: portolan plan --out NEW.json` },
  );
}

function noRemedy({ remedies }: Plan, { path, rank }: { readonly path: string; readonly rank: number }): PortolanError {
  const ranks = remedies.flatMap((remedy) => (remedy.rank === undefined ? [] : [`#${remedy.rank} ${remedy.title}`]));
  return new PortolanError(
    'PTL_CHANGE_REFUSED',
    `Cannot apply ${path}#${rank}: the plan has no remedy ${rank}, wanted ${ranks.join(', ') || 'one with a number'}`,
    {
      hint: `portolan plan --from ${path}`,
    },
  );
}

function byHand({ title, command }: Remedy): PortolanError {
  return new PortolanError(
    'PTL_CHANGE_REFUSED',
    `Cannot apply "${title}": it is not done through the API server, wanted a range or a spread`,
    {
      hint:
        command === undefined
          ? 'it is a change of the application itself'
          : 'portolan plan --explain prints its command',
    },
  );
}

const KINDS = new Map([
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
] as const);

function workloadOf({ situation: { workload } }: Plan, { title }: Remedy): Extract<ObjectRef, { namespace: string }> {
  const kind = [...KINDS].find(([name]) => name === workload?.kind)?.[1];
  if (workload === undefined || kind === undefined)
    throw new PortolanError(
      'PTL_CHANGE_REFUSED',
      `Cannot apply "${title}": the plan names ${workload === undefined ? 'no workload' : `a ${workload.kind}`}, wanted a Deployment or StatefulSet`,
      {
        hint: 'make the plan with --workload NAMESPACE/deployment/NAME',
      },
    );
  return { kind, apiVersion: 'apps/v1', namespace: workload.namespace, name: workload.name };
}
