// From the flags of `portolan apply` to a judged change of natPortRange.
import { type PlannedChange, type RangeWish, planRangeChange } from '../../core/advice/change/plan-range-change.ts';
import type { RangeTarget } from '../../core/advice/change/range-target.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { listObjects } from '../../kube/access/list-objects.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { LIST_NODES } from '../../kube/resources/read-nodes.ts';
import type { ApplyRequest, RangeSource } from './apply-request.ts';
import { type ClusterSession, readRangeView } from './cluster-session.ts';

/** Errors: PTL_NO_SUCH_NODE, PTL_CHANGE_REFUSED, PTL_API_*. */
export async function prepareRangeChange(
  session: ClusterSession,
  { source, request }: { readonly source: RangeSource; readonly request: ApplyRequest },
): Promise<PlannedChange> {
  const view = await readRangeView(session);
  const target = await targetOf(session, source);
  const known = new Set(view.cluster.nodes.map(({ node }) => node));
  const missing = [...target.nodes, ...(request.canary === undefined ? [] : [request.canary])].find(
    (node) => !known.has(node),
  );
  if (missing !== undefined)
    throw new PortolanError(
      'PTL_NO_SUCH_NODE',
      `Cannot find node ${missing} in ${view.cluster.cluster}, wanted one of its Linux nodes`,
    );
  const { object } = target;
  if (object !== undefined && object !== 'default' && !view.configurations.some(({ name }) => name === object))
    throw new PortolanError(
      'PTL_CHANGE_REFUSED',
      `Cannot find FelixConfiguration ${object}, wanted one with a nodeSelector`,
      {
        hint: 'portolan get felixconfiguration',
      },
    );
  const { canary, batchSize, verify, accepted } = request;
  const wish: RangeWish = { range: source.range, target, canary, batchSize, verify, accepted };
  return planRangeChange(view, wish);
}

async function targetOf(session: ClusterSession, source: RangeSource): Promise<RangeTarget> {
  const { nodes, selector, configuration } = source;
  if (configuration !== undefined) return { object: configuration, nodes: [] };
  if (selector === undefined) return { object: nodes.length > 0 ? undefined : 'default', nodes };
  const labelled = await nodesWithLabels(session, selector);
  if (labelled.length === 0)
    throw new PortolanError('PTL_NO_SUCH_NODE', `Cannot find nodes with the labels ${selector}, wanted at least one`);
  return { object: undefined, nodes: [...new Set([...nodes, ...labelled])] };
}

async function nodesWithLabels({ client, signal }: ClusterSession, labelSelector: string): Promise<readonly string[]> {
  const request = { path: '/api/v1/nodes', query: { labelSelector }, access: LIST_NODES };
  const project = (object: unknown) => textOf(objectOf(objectOf(object)['metadata'])['name']);
  return listObjects(client, { request, project, signal });
}
